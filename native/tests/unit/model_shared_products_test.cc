// The model asks for products of the same inputs together; here every product is asked for alone,
// and tokens and hidden states must be the very same.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "device/tensors.h"
#include "model/layout.h"
#include "model/transformer.h"
#include "quant/formats.h"
#include "recipe/recipe.h"
#include "support/recipe_model.h"

namespace lumina::model {
namespace {

using lumina::testing::ids_tensor;
using lumina::testing::some_ids;
using lumina::testing::tiny_config;

constexpr std::int64_t kPrompt = 9;
constexpr int kSteps = 12;

// The layers of a model without swin norms (docs/spec/model.md 3), one operation after the other.
class SeparateLayers {
 public:
  SeparateLayers(const checkpoint::ModelConfig& config, const checkpoint::WeightSet& weights,
                 const Storage& storage)
      : config_(config),
        dtype_(storage.dtype),
        embedding_(device::to_tensor(weights.get(kEmbeddingWeight), storage.dtype)),
        rotary_(config),
        norm_(RmsNorm::load(weights, kFinalNorm, config.rms_norm_eps, storage.dtype)) {
    for (std::int64_t i = 0; i < config.num_hidden_layers; ++i) {
      const std::string name = layer_prefix(i);
      const auto linear = [&](const std::string& part, bool bias) {
        return Linear::load(weights, name + part, bias, storage);
      };
      const auto norm = [&](const std::string& part) {
        return RmsNorm::load(weights, name + part, config.rms_norm_eps, storage.dtype);
      };
      layers_.push_back(
          {norm("input_layernorm"), norm("post_attention_layernorm"),
           linear("self_attn.q_proj", config.attention_bias),
           linear("self_attn.k_proj", config.attention_bias),
           linear("self_attn.v_proj", config.attention_bias),
           linear("self_attn.o_proj", config.attention_bias),
           linear("mlp.gate_proj", config.mlp_bias), linear("mlp.up_proj", config.mlp_bias),
           linear("mlp.down_proj", config.mlp_bias),
           HeadNorm::load(weights, name + "self_attn.q_norm", config.num_attention_heads),
           HeadNorm::load(weights, name + "self_attn.k_norm", config.num_key_value_heads)});
    }
  }

  // As Transformer::forward() of rows 0 .. B - 1.
  at::Tensor forward(const at::Tensor& ids, KvCache& cache) const {
    const std::int64_t batch = ids.size(0), length = ids.size(1), d = config_.head_dim();
    std::vector<int> rows;
    std::vector<std::int64_t> starts;
    for (int row = 0; row < batch; ++row) {
      rows.push_back(row);
      starts.push_back(cache.length(row));
    }
    const Rotation rotation = rotary_.at(starts, length, dtype_);
    const Window window = make_window(rows, starts, length, rotation);
    at::Tensor x = at::embedding(embedding_, ids);
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      const Part& layer = layers_[i];
      const at::Tensor in = layer.attention_norm(x);
      const auto heads = [&](const Linear& linear) {
        return linear(in).view({batch, length, -1, d});
      };
      const at::Tensor q = layer.query_norm.placed(heads(layer.query), rotation);
      const at::Tensor k = layer.key_norm.placed(heads(layer.key), rotation);
      const at::Tensor v = heads(layer.value).transpose(1, 2);
      std::vector<CachedHeads> keys, values;
      for (int row = 0; row < batch; ++row) {
        const auto index = static_cast<std::int64_t>(i);
        cache.store(index, row, starts[row], k[row], v[row]);
        keys.push_back(cache.keys(index, row, starts[row] + length));
        values.push_back(cache.values(index, row, starts[row] + length));
      }
      const at::Tensor out = attend(q, keys, values, window.masks).transpose(1, 2);
      x = x + layer.output(out.reshape({batch, length, -1}));
      const at::Tensor inner = layer.mlp_norm(x);
      x = x + layer.down(at::silu(layer.gate(inner)) * layer.up(inner));
    }
    for (const int row : rows) cache.extend(row, length);
    return norm_(x);
  }

 private:
  struct Part {
    RmsNorm attention_norm, mlp_norm;
    Linear query, key, value, output, gate, up, down;
    HeadNorm query_norm, key_norm;
  };

  checkpoint::ModelConfig config_;
  at::ScalarType dtype_;
  at::Tensor embedding_;
  Rotary rotary_;
  std::vector<Part> layers_;
  RmsNorm norm_;
};

struct Case {
  const char* format;  // empty: plain weights
  at::ScalarType dtype;
  bool round_activations;
  bool round_cache;
};

class SharedProducts : public ::testing::TestWithParam<Case> {};

TEST_P(SharedProducts, DrawTheTokensOfSeparateOnes) {
  const Case& c = GetParam();
  const checkpoint::ModelConfig config = tiny_config();
  ASSERT_FALSE(config.swin_norm);
  const auto weights = recipe::make_weights(recipe::Family::kTransformer,
                                            transformer_tensors(config), /*bf16=*/true);
  Storage storage(c.dtype);
  if (*c.format != '\0') storage.format = &quant::find_format(c.format);
  storage.round_activations = c.round_activations;
  storage.round_cache = c.round_cache;
  const Transformer model(config, weights, storage);
  const SeparateLayers separate(config, weights, storage);
  KvCache cache = model.new_cache(2, kPrompt + kSteps);
  KvCache separate_cache = model.new_cache(2, kPrompt + kSteps);

  at::Tensor ids = ids_tensor({some_ids(kPrompt, 2048, 1), some_ids(kPrompt, 2048, 2)});
  at::Tensor separate_ids = ids;
  for (int step = 0; step < kSteps; ++step) {
    const at::Tensor hidden = model.forward({0, 1}, ids, cache);
    const at::Tensor expected = separate.forward(separate_ids, separate_cache);
    ASSERT_TRUE(at::equal(hidden, expected)) << "step " << step;
    const auto next = [&](const at::Tensor& of) {  // the likeliest code of each row
      const at::Tensor logits = model.logits(of.narrow(1, of.size(1) - 1, 1),
                                             config.image_token_offset, config.image_codebook_size);
      return logits.argmax(-1).add(config.image_token_offset);
    };
    ids = next(hidden);
    separate_ids = next(expected);
    ASSERT_TRUE(at::equal(ids, separate_ids)) << "step " << step;
  }
}

INSTANTIATE_TEST_SUITE_P(Storages, SharedProducts,
                         ::testing::Values(Case{"", at::kFloat, true, false},
                                           Case{"", at::kBFloat16, true, false},
                                           Case{"int8", at::kBFloat16, true, true},
                                           Case{"int4:128:rtn", at::kBFloat16, true, true},
                                           Case{"int4:128:rtn", at::kFloat, true, false},
                                           Case{"int4:32:hqq", at::kBFloat16, true, false},
                                           Case{"int4:64:rtn", at::kBFloat16, false, false}),
                         [](const auto& test) { return "case_" + std::to_string(test.index); });

}  // namespace
}  // namespace lumina::model
