// What each format costs each product of the model: relative error against the weights as they are,
// on recipe weights. ci/quant_errors.sh prints the figures as one table.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>

#include "device/tensors.h"
#include "model/layout.h"
#include "quant/formats.h"
#include "recipe/recipe.h"

namespace lumina::testing {
namespace {

struct Bound {
  const char* format;
  double exact;    // inputs as they are
  double rounded;  // inputs of 8 bits
};

// The recipe's weights are uniform, which is the worst for few bits: 4 bits of the range of a group
// leave 6.7 % of such numbers' size, and no choice of the zero helps.
constexpr Bound kBounds[] = {
    {"int8", 0.005, 0.010},        {"int4:128:rtn", 0.074, 0.075}, {"int4:128:hqq", 0.074, 0.075},
    {"int4:64:rtn", 0.073, 0.074}, {"int4:64:hqq", 0.073, 0.074},  {"int4:32:rtn", 0.072, 0.073},
    {"int4:32:hqq", 0.072, 0.073},
};

// One layer of the real proportions, an eighth as wide.
checkpoint::ModelConfig narrow_config() {
  checkpoint::ModelConfig config;
  config.hidden_size = 512;
  config.intermediate_size = 1376;
  config.num_hidden_layers = 1;
  config.num_attention_heads = config.num_key_value_heads = 4;
  config.vocab_size = 2048;
  config.image_token_offset = 1024;
  config.image_codebook_size = 512;
  return config;
}

const checkpoint::WeightSet& weights() {
  static const checkpoint::WeightSet set = recipe::make_weights(
      recipe::Family::kTransformer, model::transformer_tensors(narrow_config()), /*bf16=*/true);
  return set;
}

// Inputs of a bell shape, as they come out of a norm.
at::Tensor inputs(std::int64_t rows, std::int64_t in) {
  const at::Tensor x = at::zeros({rows, in});
  float* values = x.data_ptr<float>();
  for (std::int64_t i = 0; i < rows * in; ++i) {
    for (int part = 0; part < 6; ++part) {
      values[i] += static_cast<float>(recipe::uniform(recipe::name_hash("x") + part, i));
    }
  }
  return x;
}

using Case = std::tuple<Bound, bool>;  // inputs rounded

class QuantError : public ::testing::TestWithParam<Case> {};

TEST_P(QuantError, OfEachProductIsBounded) {
  const auto& [bound, rounded] = GetParam();
  const quant::Format& format = quant::find_format(bound.format);
  const double most = rounded ? bound.rounded : bound.exact;
  const std::string layer = model::layer_prefix(0);
  for (const std::string& name :
       {layer + "self_attn.q_proj", layer + "self_attn.k_proj", layer + "self_attn.v_proj",
        layer + "self_attn.o_proj", layer + "mlp.gate_proj", layer + "mlp.up_proj",
        layer + "mlp.down_proj", std::string(model::kHead)}) {
    const at::Tensor weight = device::to_tensor(weights().get(name + ".weight"), at::kBFloat16);
    const at::Tensor x = inputs(16, weight.size(1));
    const at::Tensor expected = at::linear(x.to(at::kDouble), weight.to(at::kDouble));
    const at::Tensor actual =
        quant::quantize(weight, format, rounded)->product(x, {}, 0, weight.size(0)).to(at::kDouble);
    const double error =
        ((actual - expected).square().mean() / expected.square().mean()).sqrt().item<double>();
    EXPECT_LT(error, most) << name;
    EXPECT_GT(error, most / 2) << name;
    RecordProperty(name.substr(name.rfind('.') + 1), std::to_string(error));
  }
}

INSTANTIATE_TEST_SUITE_P(Products, QuantError,
                         ::testing::Combine(::testing::ValuesIn(kBounds), ::testing::Bool()),
                         [](const auto& test) {
                           std::string name = std::get<0>(test.param).format;
                           std::replace(name.begin(), name.end(), ':', '_');
                           return name + (std::get<1>(test.param) ? "_rounded" : "_exact");
                         });

}  // namespace
}  // namespace lumina::testing
