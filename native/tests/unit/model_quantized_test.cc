// Models with quantised matrices: while loading, in a folder of their own, and what is refused.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "checkpoint/sha256.h"
#include "kernels/cpu/isa.h"
#include "lumina/bindings.h"
#include "lumina/engine.h"
#include "model/adapters.h"
#include "model/layout.h"
#include "model/quantized_folder.h"
#include "model/transformer.h"
#include "quant/formats.h"
#include "recipe/recipe.h"
#include "recipe/recipe_checkpoint.h"
#include "support/expect_error.h"
#include "support/recipe_model.h"
#include "support/temporary_folder.h"

namespace lumina::model {
namespace {

using lumina::testing::expect_error;
using lumina::testing::ids_tensor;
using lumina::testing::some_ids;
using lumina::testing::TemporaryFolder;
using lumina::testing::tiny_config;

checkpoint::WeightSet recipe_weights(bool bf16) {
  return recipe::make_weights(recipe::Family::kTransformer, transformer_tensors(tiny_config()),
                              bf16);
}

Storage storage(const std::string& format, bool round_activations = true,
                at::ScalarType dtype = at::kFloat) {
  Storage result(dtype);
  if (!format.empty()) result.format = &quant::find_format(format);
  result.round_activations = round_activations;
  return result;
}

at::Tensor logits(const Transformer& model) {
  KvCache cache = model.new_cache(1, 24);
  return model.logits(model.forward({0}, ids_tensor({some_ids(24, 2048)}), cache), 0, 2048);
}

double relative_error(const at::Tensor& actual, const at::Tensor& expected) {
  return ((actual - expected).square().mean() / expected.square().mean()).sqrt().item<double>();
}

// Of all logits, relative root mean square. Recipe weights are uniform, which is the worst for four
// bits: in bell-shaped weights the same range holds smaller numbers.
struct Bound {
  const char* format;
  double rounded;  // activations of 8 bits
  double exact;
};

class QuantizedModel : public ::testing::TestWithParam<Bound> {};

TEST_P(QuantizedModel, StaysCloseToPlainWeights) {
  const auto weights = recipe_weights(true);
  const at::Tensor expected = logits(Transformer(tiny_config(), weights, at::kFloat));
  const Bound& bound = GetParam();
  const double exact = relative_error(
      logits(Transformer(tiny_config(), weights, storage(bound.format, false))), expected);
  const double rounded = relative_error(
      logits(Transformer(tiny_config(), weights, storage(bound.format, true))), expected);
  RecordProperty("exact", std::to_string(exact));
  RecordProperty("rounded", std::to_string(rounded));
  EXPECT_LT(exact, bound.exact);
  EXPECT_GT(exact, bound.exact / 3);
  EXPECT_LT(rounded, bound.rounded);
  EXPECT_GT(rounded, bound.rounded / 3);
}

TEST_P(QuantizedModel, ComputesTheSameOnEveryKindOfProcessor) {
  const auto weights = recipe_weights(true);
  const Transformer model(tiny_config(), weights, storage(GetParam().format));
  const at::Tensor best = logits(model);
  for (const auto isa : {kernels::Isa::kPortable, kernels::Isa::kAvx2, kernels::Isa::kAvx512}) {
    kernels::limit_isa(isa);
    const at::Tensor other = logits(model);
    kernels::limit_isa(kernels::kBestIsa);
    // Sums in another order may round an activation to the neighbouring code.
    EXPECT_LT(relative_error(other, best), 0.005) << kernels::isa_name(isa);
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, QuantizedModel,
                         ::testing::Values(Bound{"int8", 0.03, 0.015},
                                           Bound{"int4:128:rtn", 0.22, 0.22},
                                           Bound{"int4:64:rtn", 0.22, 0.22},
                                           Bound{"int4:32:rtn", 0.21, 0.21},
                                           Bound{"int4:128:hqq", 0.22, 0.22}),
                         [](const auto& test) {
                           std::string name = test.param.format;
                           std::replace(name.begin(), name.end(), ':', '_');
                           return name;
                         });

// Of the rows of image codes; other rows of the head stay as they are.
TEST(QuantizedHead, StaysCloseToThePlainOne) {
  const checkpoint::ModelConfig config = tiny_config();
  const auto weights = recipe_weights(true);
  const at::Tensor hidden =
      at::sin(at::arange(3 * config.hidden_size, at::kFloat)).view({1, 3, config.hidden_size});
  const Transformer plain(config, weights, at::kFloat);
  const auto codes = [&](const Transformer& model, std::int64_t first, std::int64_t count) {
    return model.logits(hidden, config.image_token_offset + first, count);
  };
  for (const bool round : {false, true}) {
    const Transformer quantized(config, weights, storage("int8", round));
    const double error = relative_error(codes(quantized, 0, config.image_codebook_size),
                                        codes(plain, 0, config.image_codebook_size));
    EXPECT_LT(error, 0.02);
    EXPECT_GT(error, 1e-4);
    EXPECT_TRUE(at::equal(codes(quantized, 5, 7), codes(quantized, 0, 12).narrow(2, 5, 7)));
    EXPECT_TRUE(at::equal(quantized.logits(hidden, 0, 40), plain.logits(hidden, 0, 40)));
    EXPECT_TRUE(at::equal(codes(quantized, -1, 4), codes(plain, -1, 4)));
  }
}

TEST(QuantizedCache, StaysCloseToPlainKeysAndValues) {
  const auto weights = recipe_weights(true);
  for (const at::ScalarType dtype : {at::kFloat, at::kBFloat16}) {
    Storage rounding(dtype);
    rounding.round_cache = true;
    const Transformer rounded(tiny_config(), weights, rounding);
    const Transformer plain(tiny_config(), weights, dtype);
    EXPECT_EQ(rounded.cache_dtype(), at::kChar);
    EXPECT_EQ(plain.cache_dtype(), dtype);
    const double error = relative_error(logits(rounded), logits(plain));
    RecordProperty("error", std::to_string(error));
    EXPECT_LT(error, 0.02);
    EXPECT_GT(error, 1e-4);
  }
}

TEST(QuantizedCache, RoundsEachPositionOfEachHeadByItself) {
  const at::Tensor numbers =
      at::tensor({1.0, -2.0, 0.5, 0.0, 100.0, 25.0, 0.0, 0.0}).view({2, 2, 2});
  const CachedHeads rounded = round_heads(numbers);
  EXPECT_TRUE(at::equal(rounded.values,
                        at::tensor({64, -127, 127, 0, 127, 32, 0, 0}, at::kChar).view({2, 2, 2})));
  EXPECT_TRUE(
      at::allclose(rounded.scale, at::tensor({2.0f, 0.5f, 100.0f, 0.0f}).view({2, 2}) / 127.0f));
  const at::Tensor broken = at::full({1, 2, 2}, 1.0f);
  broken[0][1][0] = std::numeric_limits<float>::infinity();
  const at::Tensor unknown = round_heads(broken).scale.isnan().to(at::kInt);
  EXPECT_TRUE(at::equal(unknown, at::tensor({0, 1}, at::kInt).view({1, 2})));
}

class QuantizedFolder : public ::testing::Test {
 protected:
  QuantizedFolder() {
    recipe::RecipeOptions options;
    options.config = tiny_config();
    options.transformer = transformer_tensors(options.config);
    recipe::write_recipe_checkpoint(folder_.path("plain"), options);
  }

  static at::Tensor logits_of(const std::string& folder, const Storage& storage) {
    return logits(Transformer(checkpoint::ModelConfig::read(folder),
                              checkpoint::WeightSet::open(folder), storage));
  }

  TemporaryFolder folder_;
};

TEST_F(QuantizedFolder, ComputesWhatQuantisingWhileLoadingDoes) {
  for (const char* format : {"int8", "int4:32:rtn", "int4:128:hqq"}) {
    const std::string to = folder_.path(std::string("packed-") + format);
    double last = -1.0;
    write_quantized(folder_.path("plain"), quant::find_format(format), to, [&](double share) {
      EXPECT_GE(share, last);
      last = share;
    });
    EXPECT_DOUBLE_EQ(last, 1.0);
    const at::Tensor loaded = logits_of(to, storage("", true, at::kBFloat16));
    const at::Tensor made = logits_of(folder_.path("plain"), storage(format, true, at::kBFloat16));
    EXPECT_TRUE(at::equal(loaded, made)) << format;
    EXPECT_TRUE(std::filesystem::exists(to + "/tokenizer.json"));
    EXPECT_TRUE(std::filesystem::exists(to + "/config.json"));
  }
}

TEST_F(QuantizedFolder, SaysHowItWasMade) {
  const std::string to = folder_.path("packed");
  write_quantized(folder_.path("plain"), quant::find_format("int4"), to, [](double) {});
  const auto weights = checkpoint::WeightSet::open(to);
  EXPECT_EQ(weights.metadata().at(kFormatKey), "int4:128:rtn");
  const auto source = nlohmann::json::parse(weights.metadata().at(kSourceKey));
  EXPECT_EQ(
      source.at("model.safetensors").get<std::string>(),
      checkpoint::sha256_hex(lumina::testing::read_bytes(folder_.path("plain/model.safetensors"))));
  EXPECT_EQ(stored_format(weights)->name(), "int4:128:rtn");
  EXPECT_NE(weights.find("model.layers.0.mlp.up_proj.weight.codes"), nullptr);
  EXPECT_EQ(weights.find("model.layers.0.mlp.up_proj.weight"), nullptr);
  EXPECT_NE(weights.find(kEmbeddingWeight), nullptr);
}

TEST_F(QuantizedFolder, IsNotQuantisedAdaptedOrMixedAgain) {
  const std::string to = folder_.path("packed");
  write_quantized(folder_.path("plain"), quant::find_format("int8"), to, [](double) {});
  expect_error(ErrorCode::kInvalidArgument, "quantising needs weights that are not quantised", [&] {
    write_quantized(to, quant::find_format("int4"), folder_.path("again"), [](double) {});
  });
  expect_error(ErrorCode::kInvalidArgument, "adapters needs weights that are not quantised",
               [&] { merge_adapters(to, {}, folder_.path("again")); });
  expect_error(ErrorCode::kInvalidArgument, "is quantised as int8, not int4:64:rtn",
               [&] { logits_of(to, storage("int4:64")); });
  EXPECT_EQ(folder_.entries(), (std::vector<std::string>{"packed", "plain"}));
}

TEST_F(QuantizedFolder, LeavesNothingWhenItIsStopped) {
  expect_error(ErrorCode::kCancelled, "stop", [&] {
    write_quantized(folder_.path("plain"), quant::find_format("int4"), folder_.path("packed"),
                    [](double share) {
                      if (share > 0.6) throw Error(ErrorCode::kCancelled, "stop");
                    });
  });
  EXPECT_EQ(folder_.entries(), std::vector<std::string>{"plain"});
  expect_error(ErrorCode::kInvalidArgument, "is no empty folder", [&] {
    write_quantized(folder_.path("plain"), quant::find_format("int4"), folder_.path("plain"),
                    [](double) {});
  });
}

TEST_F(QuantizedFolder, IsRefusedIfItsPartsDoNotFit) {
  const std::string to = folder_.path("packed");
  write_quantized(folder_.path("plain"), quant::find_format("int4:64"), to, [](double) {});
  const auto weights = checkpoint::WeightSet::open(to);
  const auto refuse = [&](const std::string& reason, auto change) {
    auto tensors = weights.tensors();
    auto metadata = weights.metadata();
    change(tensors, metadata);
    expect_error(ErrorCode::kCheckpoint, reason, [&] {
      Transformer(tiny_config(), checkpoint::WeightSet::in_memory(tensors, "file", metadata),
                  at::kFloat);
    });
  };
  const std::string name = "model.layers.1.self_attn.q_proj.weight";
  refuse(name + ".scale\" is missing",
         [&](auto& tensors, auto&) { tensors.erase(name + ".scale"); });
  refuse("has shape [64, 16], expected [64, 32]", [&](auto& tensors, auto&) {
    tensors[name + ".codes"].shape = {64, 16};
  });
  refuse("has dtype I8, expected U8",
         [&](auto& tensors, auto&) { tensors[name + ".codes"].dtype = checkpoint::DType::kInt8; });
  refuse("is quantised as \"int3\", which this version does not know",
         [&](auto&, auto& metadata) { metadata[kFormatKey] = "int3"; });
  refuse("model.layers.0.self_attn.q_proj.weight\" is missing",
         [&](auto&, auto& metadata) { metadata.clear(); });
}

TEST(QuantizedWeights, WhatIsNotANumberIsNamed) {
  const auto poison = [](const std::string& name, std::vector<float>& values) {
    if (name == "model.layers.1.mlp.up_proj.weight") {
      values[100] = std::numeric_limits<float>::quiet_NaN();
    }
  };
  expect_error(ErrorCode::kCheckpoint, "tensor \"model.layers.1.mlp.up_proj.weight\": NaN", [&] {
    lumina::testing::changed_transformer(tiny_config(), poison, storage("int4"));
  });
}

TEST_F(QuantizedFolder, TheEngineTakesAndWritesIt) {
  Status status;
  quantize(folder_.path("plain"), "int4:hqq", folder_.path("packed"), nullptr, nullptr, status);
  ASSERT_EQ(status.code, 0) << status.message;
  Text info;
  inspect(folder_.path("packed"), "", info, status);
  ASSERT_EQ(status.code, 0) << status.message;
  EXPECT_EQ(nlohmann::json::parse(info.value)["transformer"]["quantization"], "int4:128:hqq");

  EngineOptions options;
  options.token_ids = lumina::testing::tiny_token_ids();
  const auto open = [&](const std::string& folder) {
    options.model_dir = folder_.path(folder);
    Engine* engine = engine_open(options, status);
    if (engine == nullptr) return nlohmann::json();
    engine_info(engine, info, status);
    engine_close(engine);
    return nlohmann::json::parse(info.value)["transformer"];
  };
  EXPECT_EQ(open("packed")["quantization"], "int4:128:hqq");
  EXPECT_EQ(open("packed")["activations"], "int8");
  EXPECT_EQ(open("plain")["quantization"], nullptr);
  options.quantize = "int8";
  options.activations = "exact";
  EXPECT_EQ(open("plain")["quantization"], "int8");
  EXPECT_EQ(open("plain")["activations"], "exact");
  EXPECT_TRUE(open("packed").is_null());
  EXPECT_EQ(status.code, static_cast<int>(ErrorCode::kInvalidArgument)) << status.message;
  options.quantize = "int5";
  EXPECT_TRUE(open("plain").is_null());
  EXPECT_NE(status.message.find("unknown quantisation 'int5'"), std::string::npos);
  options.quantize = "int8";
  options.activations = "fp8";
  EXPECT_TRUE(open("plain").is_null());
  EXPECT_NE(status.message.find("unknown kind of activations 'fp8'"), std::string::npos);

  CancellationFlag flag;
  flag.cancel();
  quantize(folder_.path("plain"), "int4", folder_.path("stopped"), nullptr, &flag, status);
  EXPECT_EQ(status.code, static_cast<int>(ErrorCode::kCancelled));
  EXPECT_FALSE(std::filesystem::exists(folder_.path("stopped")));
}

}  // namespace
}  // namespace lumina::model
