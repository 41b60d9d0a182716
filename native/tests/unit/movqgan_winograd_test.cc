// Convolution with fewer multiplications against its definition, and the decoder that uses it
// against plain ATen calls.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "recipe/recipe.h"
#include "support/aten_decoder.h"
#include "support/movqgan.h"
#include "vision/winograd.h"

namespace lumina::testing {
namespace {

at::Tensor uniform(const std::string& name, std::vector<std::int64_t> shape) {
  const std::uint64_t hash = recipe::name_hash(name);
  at::Tensor values = at::empty(shape, at::kFloat);
  float* out = values.data_ptr<float>();
  for (std::int64_t i = 0; i < values.numel(); ++i) {
    out[i] = static_cast<float>(recipe::uniform(hash, i));
  }
  return values;
}

struct Shape {
  std::int64_t batch, inputs, outputs, height, width;
};

// Errors are measured in the largest output, as the golden values are.
double relative_error(const at::Tensor& actual, const at::Tensor& expected) {
  return ((actual.to(at::kDouble) - expected).abs().max() / expected.abs().max()).item<double>();
}

TEST(MovqganWinograd, EqualsTheDefinition) {
  for (const Shape& s :
       {Shape{1, 64, 64, 16, 16}, Shape{2, 64, 96, 17, 24}, Shape{1, 128, 64, 1, 300},
        Shape{3, 68, 72, 31, 33}, Shape{1, 256, 64, 64, 65}}) {
    const at::Tensor x = uniform("x", {s.batch, s.inputs, s.height, s.width}) + 0.25;
    const at::Tensor weight = uniform("weight", {s.outputs, s.inputs, 3, 3});
    const at::Tensor bias = uniform("bias", {s.outputs}) * 3;
    // One by one: ATen convolves several pictures of doubles in a parallel loop around OpenBLAS,
    // which may hang.
    std::vector<at::Tensor> pictures;
    for (std::int64_t b = 0; b < s.batch; ++b) {
      pictures.push_back(at::conv2d(x.narrow(0, b, 1).to(at::kDouble), weight.to(at::kDouble),
                                    bias.to(at::kDouble), 1, 1));
    }
    const at::Tensor expected = at::cat(pictures);
    for (const bool last : {true, false}) {
      const at::Tensor input = last ? x.contiguous(at::MemoryFormat::ChannelsLast) : x;
      ASSERT_TRUE(vision::suits_winograd(input, weight));
      const at::Tensor actual = vision::winograd_convolution(input, weight, bias);
      EXPECT_TRUE(actual.is_contiguous(at::MemoryFormat::ChannelsLast));
      EXPECT_LT(relative_error(actual, expected), 2e-6)
          << s.batch << "x" << s.inputs << "x" << s.height << "x" << s.width;
    }
  }
}

TEST(MovqganWinograd, IsForWideMapsInFloat32) {
  const at::Tensor x = at::zeros({1, 64, 16, 16}), weight = at::zeros({64, 64, 3, 3});
  EXPECT_TRUE(vision::suits_winograd(x, weight));
  EXPECT_FALSE(vision::suits_winograd(x.to(at::kDouble), weight.to(at::kDouble)));
  EXPECT_FALSE(vision::suits_winograd(x.to(at::kBFloat16), weight.to(at::kBFloat16)));
  EXPECT_FALSE(vision::suits_winograd(x, at::zeros({3, 64, 3, 3})));
  EXPECT_FALSE(vision::suits_winograd(x, at::zeros({64, 64, 1, 1})));
  EXPECT_FALSE(vision::suits_winograd(at::zeros({1, 64, 8, 8}), weight));
}

// Twice the width of the tiny network, so that most convolutions are wide enough.
TEST(MovqganWinograd, DecodesWhatPlainCallsDecode) {
  vision::MovqganConfig config = vision::movqgan_tiny();
  config.channels *= 2;
  const checkpoint::WeightSet weights = movqgan_weights(config, vision::MovqganPart::kDecoder);
  vision::MovqganOptions options;
  options.part = vision::MovqganPart::kDecoder;
  const at::Tensor codes = at::arange(2 * 6 * 17, at::kLong).remainder_(64).view({2, 6, 17});
  const at::Tensor expected = AtenDecoder(weights, config).decode(codes);
  const at::Tensor actual = vision::Movqgan(weights, options).decode(codes);
  ASSERT_EQ(actual.sizes(), expected.sizes());
  const double error = relative_error(actual, expected.to(at::kDouble));
  EXPECT_LT(error, 2e-5);
  EXPECT_GT(error, 0.0);  // two ways of computing it
}

}  // namespace
}  // namespace lumina::testing
