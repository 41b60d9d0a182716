// Convolution of bf16 in bands of fp32 against its definition.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstdint>

#include "kernels/cpu/isa.h"
#include "vision/banded_convolution.h"

namespace lumina::vision {
namespace {

at::Tensor drawn(at::IntArrayRef shape, double scale) {
  const at::Tensor wave = at::arange(at::empty(shape).numel(), at::kDouble).mul(0.7345).sin();
  return (wave.view(shape) * scale + 0.1).to(at::kBFloat16);
}

struct Shape {
  std::int64_t batch, inputs, outputs, height, width, kernel;
};

TEST(MovqganBandedConvolution, EqualsTheDefinitionRoundedOnce) {
  for (const Shape& s :
       {Shape{1, 3, 32, 7, 9, 3}, Shape{2, 32, 16, 33, 40, 3}, Shape{1, 64, 64, 40, 200, 3},
        Shape{1, 8, 4, 5, 6, 1}, Shape{1, 256, 128, 1, 300, 3}}) {
    SCOPED_TRACE(::testing::Message() << s.inputs << " to " << s.outputs << " channels, "
                                      << s.height << "x" << s.width << ", kernel " << s.kernel);
    const std::int64_t padding = s.kernel / 2;
    const at::Tensor x = drawn({s.batch, s.inputs, s.height, s.width}, 1.0)
                             .contiguous(at::MemoryFormat::ChannelsLast);
    const at::Tensor weight = drawn({s.outputs, s.inputs, s.kernel, s.kernel}, 0.05);
    const at::Tensor bias = drawn({s.outputs}, 0.5);
    const at::Tensor actual = banded_convolution(x, weight, bias, padding);
    EXPECT_EQ(actual.scalar_type(), at::kBFloat16);
    EXPECT_TRUE(actual.is_contiguous(at::MemoryFormat::ChannelsLast));
    for (std::int64_t b = 0; b < s.batch; ++b) {
      const at::Tensor expected =
          at::conv2d(x.narrow(0, b, 1).to(at::kDouble), weight.to(at::kDouble),
                     bias.to(at::kDouble), 1, padding);
      const at::Tensor picture = actual.narrow(0, b, 1).to(at::kDouble);
      ASSERT_EQ(picture.sizes(), expected.sizes());
      // Half a unit in the last of bf16's eight bits, and what fp32 sums add to it.
      const at::Tensor bound = expected.abs() / 256 + 1e-4;
      EXPECT_TRUE(((picture - expected).abs() <= bound).all().item<bool>());
    }
  }
}

TEST(MovqganBandedConvolution, IsForBfloat16WithoutItsInstructions) {
  const at::Tensor x = drawn({1, 4, 5, 5}, 1.0), weight = drawn({4, 4, 3, 3}, 1.0);
  const kernels::Isa best = kernels::isa();
  EXPECT_EQ(suits_bands(x, weight), best < kernels::Isa::kAvx512);
  kernels::limit_isa(kernels::Isa::kAvx2);
  EXPECT_TRUE(suits_bands(x, weight));
  EXPECT_FALSE(suits_bands(x.to(at::kFloat), weight.to(at::kFloat)));
  kernels::limit_isa(best);
}

}  // namespace
}  // namespace lumina::vision
