// Quantised weights of another device, as far as a CPU can show them.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "quant/formats.h"
#include "quant/placed.h"

namespace lumina::quant {
namespace {

TEST(PlacedWeight, MultipliesByTheNumbersThatTheCodesStandFor) {
  for (const char* name : {"int4", "int4:32:hqq", "int8"}) {
    const Format& format = find_format(name);
    const Parts parts = format.quantize(at::sin(at::arange(24 * 96, at::kFloat)).view({24, 96}));
    const auto weight = place(parts, format, 96, at::kCPU, at::kFloat);
    EXPECT_EQ(weight->in_features(), 96);
    EXPECT_EQ(weight->out_features(), 24);
    const at::Tensor x = at::cos(at::arange(3 * 96, at::kFloat)).view({3, 96});
    const at::Tensor expected = at::matmul(x, format.dequantize(parts, 96).narrow(0, 4, 8).t());
    EXPECT_TRUE(at::allclose(weight->product(x, {}, 4, 8), expected, 1e-4, 1e-4)) << name;
  }
}

TEST(PlacedWeight, ScalesAndZerosLieByGroupsThenOutputs) {
  const at::Tensor scale = at::arange(6, at::kFloat).view({2, 3});  // 2 outputs, 3 groups
  const at::Tensor both = scales_and_zeros(scale, scale + 100);
  ASSERT_EQ(both.sizes(), (at::IntArrayRef{3, 2, 2}));
  EXPECT_TRUE(both.is_contiguous());
  for (int output = 0; output < 2; ++output) {
    for (int group = 0; group < 3; ++group) {
      EXPECT_EQ(both[group][output][0].item<float>(), scale[output][group].item<float>());
      EXPECT_EQ(both[group][output][1].item<float>(), scale[output][group].item<float>() + 100);
    }
  }
}

}  // namespace
}  // namespace lumina::quant
