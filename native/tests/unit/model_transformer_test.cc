// The forward pass against itself: windows, rows, chunks, rollback, precision.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <limits>

#include "model/layout.h"
#include "model/transformer.h"
#include "recipe/recipe.h"
#include "support/expect_error.h"
#include "support/recipe_model.h"

namespace lumina::model {
namespace {

using checkpoint::ModelConfig;
using lumina::testing::expect_error;
using lumina::testing::ids_tensor;
using lumina::testing::recipe_transformer;
using lumina::testing::some_ids;
using lumina::testing::tiny_config;
using Ids = std::vector<std::int64_t>;

Ids slice(const Ids& ids, std::size_t first, std::size_t count) {
  return Ids(ids.begin() + first, ids.begin() + first + count);
}

double distance(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

// Hidden states [T, H] of a sequence in one pass on a cache of its own.
at::Tensor whole(const Transformer& model, const Ids& ids) {
  KvCache cache = model.new_cache(1, static_cast<std::int64_t>(ids.size()));
  return model.forward({0}, ids_tensor({ids}), cache)[0];
}

class TransformerVariants : public ::testing::TestWithParam<std::string> {
 protected:
  static ModelConfig config() {
    ModelConfig config = tiny_config();
    if (GetParam() == "shared_heads") {
      config.num_key_value_heads = 2;
      config.model_parallel_size = 2;
    } else if (GetParam() == "swin") {
      config.swin_norm = true;
    } else if (GetParam() == "biases") {
      config.attention_bias = true;
      config.mlp_bias = true;
    } else if (GetParam() == "linear_rope") {
      config.rope_scaling = {checkpoint::RopeScaling::Type::kLinear, 3.0};
    }
    return config;
  }
};

TEST_P(TransformerVariants, WindowsOfAnySizeEqualTheWholeSequence) {
  const Transformer model = recipe_transformer(config());
  const Ids ids = some_ids(160, 2048);
  const at::Tensor expected = whole(model, ids);
  KvCache cache = model.new_cache(1, 160);
  std::size_t at = 0;
  for (const std::size_t count : {26, 1, 1, 2, 1, 16, 64, 1, 2, 46}) {
    const at::Tensor hidden = model.forward({0}, ids_tensor({slice(ids, at, count)}), cache)[0];
    EXPECT_LT(distance(hidden, expected.narrow(0, at, count)), 1e-5) << at << " + " << count;
    at += count;
    EXPECT_EQ(cache.length(0), static_cast<std::int64_t>(at));
  }
  EXPECT_EQ(at, ids.size());
}

TEST_P(TransformerVariants, RowsOfDifferentLengthShareAPass) {
  const Transformer model = recipe_transformer(config());
  const Ids a = some_ids(60, 2048, 1);
  const Ids b = some_ids(37, 2048, 2);
  KvCache cache = model.new_cache(3, 64);
  model.forward({2}, ids_tensor({slice(a, 0, 40)}), cache);
  model.forward({0}, ids_tensor({slice(b, 0, 17)}), cache);
  const at::Tensor whole_a = whole(model, a);
  const at::Tensor whole_b = whole(model, b);
  std::size_t done = 0;
  for (const std::size_t count : {1, 2, 1, 16}) {
    const at::Tensor hidden = model.forward(
        {2, 0}, ids_tensor({slice(a, 40 + done, count), slice(b, 17 + done, count)}), cache);
    EXPECT_LT(distance(hidden[0], whole_a.narrow(0, 40 + done, count)), 1e-5) << count;
    EXPECT_LT(distance(hidden[1], whole_b.narrow(0, 17 + done, count)), 1e-5) << count;
    done += count;
  }
  EXPECT_EQ(cache.length(2), 60);
  EXPECT_EQ(cache.length(0), 37);
  EXPECT_EQ(cache.length(1), 0);
}

INSTANTIATE_TEST_SUITE_P(Variants, TransformerVariants,
                         ::testing::Values("plain", "shared_heads", "swin", "biases",
                                           "linear_rope"),
                         [](const auto& test) { return test.param; });

TEST(Transformer, ALongPromptRunsInChunksWithTheSameResult) {
  const Transformer model = recipe_transformer(tiny_config());
  const Ids ids = some_ids(Transformer::kChunk + 100, 2048);
  KvCache cache = model.new_cache(1, 700);
  int layers = 0;
  ForwardHooks hooks;
  hooks.before_layer = [&] { ++layers; };
  const at::Tensor hidden = model.forward({0}, ids_tensor({ids}), cache, hooks)[0];
  EXPECT_EQ(layers, 2 * 2);  // two chunks through two layers
  EXPECT_EQ(hidden.size(0), Transformer::kChunk + 100);

  KvCache other = model.new_cache(1, 700);
  const at::Tensor first = model.forward({0}, ids_tensor({slice(ids, 0, 300)}), other)[0];
  const at::Tensor second = model.forward({0}, ids_tensor({slice(ids, 300, 312)}), other)[0];
  EXPECT_LT(distance(hidden, at::cat({first, second})), 1e-5);
}

TEST(Transformer, DynamicScalingFollowsTheEndOfTheWholeWindow) {
  ModelConfig config = tiny_config();
  config.max_position_embeddings = 64;
  config.rope_scaling = {checkpoint::RopeScaling::Type::kDynamic, 2.0};
  const Ids ids = some_ids(Transformer::kChunk + 8, 2048);
  // Both chunks are rotated by the base of the last position: a model whose base is that one
  // agrees.
  const double stretch = 2.0 * static_cast<double>(ids.size()) / 64.0 - 1.0;
  ModelConfig fixed = tiny_config();
  fixed.rope_theta = config.rope_theta * std::pow(stretch, 16.0 / 14.0);
  EXPECT_LT(distance(whole(recipe_transformer(config), ids), whole(recipe_transformer(fixed), ids)),
            1e-4);
}

TEST(Transformer, RollingBackForgetsDrafts) {
  const Transformer model = recipe_transformer(tiny_config());
  const Ids ids = some_ids(50, 2048);
  KvCache cache = model.new_cache(1, 64);
  model.forward({0}, ids_tensor({slice(ids, 0, 30)}), cache);
  model.forward({0}, ids_tensor({some_ids(16, 2048, 9)}), cache);  // drafts, all rejected but two
  cache.truncate(0, 30);
  const at::Tensor hidden = model.forward({0}, ids_tensor({slice(ids, 30, 20)}), cache)[0];
  EXPECT_LT(distance(hidden, whole(model, ids).narrow(0, 30, 20)), 1e-5);
}

TEST(Transformer, TheRestrictedHeadIsASliceOfTheWholeHead) {
  const Transformer model = recipe_transformer(tiny_config());
  const at::Tensor hidden = whole(model, some_ids(5, 2048));
  const at::Tensor all = model.logits(hidden, 0, 2048);
  EXPECT_EQ(all.sizes().vec(), (Ids{5, 2048}));
  EXPECT_LT(distance(model.logits(hidden, 512, 512), all.narrow(1, 512, 512)), 1e-6);
  expect_error(ErrorCode::kInternal, "outside the vocabulary",
               [&] { model.logits(hidden, 2000, 49); });
}

TEST(Transformer, ATiedHeadIsTheEmbedding) {
  ModelConfig config = tiny_config();
  config.tie_word_embeddings = true;
  const Transformer model = recipe_transformer(config);
  const at::Tensor hidden = whole(model, some_ids(3, 2048));
  const auto weights =
      recipe::make_weights(recipe::Family::kTransformer, transformer_tensors(config));
  const at::Tensor embedding =
      at::from_blob(const_cast<void*>(weights.get("model.embed_tokens.weight").data), {2048, 64});
  EXPECT_LT(distance(model.logits(hidden, 0, 2048), at::linear(hidden, embedding)), 1e-5);
}

TEST(Transformer, Bf16StaysCloseToFp32OnTheSameWeights) {
  const ModelConfig config = tiny_config();
  const auto weights =
      recipe::make_weights(recipe::Family::kTransformer, transformer_tensors(config), true);
  const Transformer wide(config, weights, at::kFloat);
  const Transformer narrow(config, weights, at::kBFloat16);
  const Ids ids = some_ids(64, 2048);
  const at::Tensor hidden = whole(narrow, ids);
  EXPECT_EQ(hidden.scalar_type(), at::kBFloat16);
  const at::Tensor a = wide.logits(whole(wide, ids), 0, 2048);
  const at::Tensor b = narrow.logits(hidden, 0, 2048);
  EXPECT_EQ(b.scalar_type(), at::kFloat);
  // Relative root mean square over all logits: about eight bits of mantissa through two layers.
  const double error = ((a - b).square().mean() / a.square().mean()).sqrt().item<double>();
  EXPECT_LT(error, 0.02);
  EXPECT_GT(error, 1e-5);                                         // bf16 was really used
  EXPECT_TRUE(at::equal(b, b.to(at::kBFloat16).to(at::kFloat)));  // the head ran in bf16
}

TEST(Transformer, Bf16WindowsStayCloseToTheWholeSequence) {
  const Transformer model = recipe_transformer(tiny_config(), at::kBFloat16);
  const Ids ids = some_ids(48, 2048);
  const at::Tensor expected = whole(model, ids).to(at::kFloat);
  KvCache cache = model.new_cache(1, 48);
  model.forward({0}, ids_tensor({slice(ids, 0, 32)}), cache);
  const at::Tensor hidden =
      model.forward({0}, ids_tensor({slice(ids, 32, 16)}), cache)[0].to(at::kFloat);
  const at::Tensor wanted = expected.narrow(0, 32, 16);
  EXPECT_LT(((hidden - wanted).square().mean() / wanted.square().mean()).sqrt().item<double>(),
            0.02);
}

TEST(Transformer, RefusesWhatItCannotRun) {
  const Transformer model = recipe_transformer(tiny_config());
  KvCache cache = model.new_cache(2, 8);
  expect_error(ErrorCode::kInvalidArgument, "token id 2048 is outside the vocabulary of 2048", [&] {
    model.forward({0}, ids_tensor({{1, 2048}}), cache);
  });
  expect_error(ErrorCode::kInvalidArgument, "token id -1",
               [&] { model.forward({0}, ids_tensor({{-1}}), cache); });
  expect_error(ErrorCode::kInternal, "cache is full: 8 positions",
               [&] { model.forward({0}, ids_tensor({some_ids(9, 2048)}), cache); });
  expect_error(ErrorCode::kInternal, "distinct rows", [&] {
    model.forward({0, 0}, ids_tensor({{1}, {2}}), cache);
  });
  expect_error(ErrorCode::kInternal, "distinct rows",
               [&] { model.forward({2}, ids_tensor({{1}}), cache); });
  EXPECT_EQ(cache.length(0), 0);
  expect_error(ErrorCode::kInvalidArgument, "fp32 or bf16",
               [] { recipe_transformer(tiny_config(), at::kHalf); });
}

TEST(Transformer, AFailedPassLeavesTheCacheLengths) {
  const Transformer model = recipe_transformer(tiny_config());
  KvCache cache = model.new_cache(1, 8);
  ForwardHooks hooks;
  hooks.tap = [](const std::string& name, const at::Tensor&) {
    if (name == "layers.0") throw Error(ErrorCode::kCancelled, "stop");
  };
  expect_error(ErrorCode::kCancelled, "stop", [&] {
    model.forward({0}, ids_tensor({{1, 2}}), cache, hooks);
  });
  EXPECT_EQ(cache.length(0), 0);
}

}  // namespace
}  // namespace lumina::model
