// Products that threads share, against those of ATen in double precision.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "device/products.h"

namespace lumina::device {
namespace {

at::Tensor some(at::IntArrayRef shape, double step) {
  std::int64_t count = 1;
  for (const std::int64_t n : shape) count *= n;
  return at::arange(count, at::kFloat).mul_(step).sin_().reshape(shape);
}

void expect_same_product(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  const at::Tensor y = device::linear(x, weight, bias);
  const at::Tensor expected = at::linear(x.to(at::kDouble), weight.to(at::kDouble),
                                         bias.defined() ? bias.to(at::kDouble) : bias);
  ASSERT_EQ(y.sizes(), expected.sizes());
  EXPECT_EQ(y.scalar_type(), x.scalar_type());
  EXPECT_LT((y.to(at::kDouble) - expected).abs().max().item<double>(),
            x.scalar_type() == at::kFloat ? 1e-4 : 0.2);
}

TEST(DeviceProducts, ManyRowsAgree) {
  expect_same_product(some({3, 400, 96}, 0.37), some({128, 96}, 0.11), some({128}, 0.7));
  expect_same_product(some({1000, 96}, 0.37), some({128, 96}, 0.11), {});
}

TEST(DeviceProducts, FewRowsAgree) {
  expect_same_product(some({2, 700}, 0.37), some({3001, 700}, 0.11), some({3001}, 0.7));
  expect_same_product(some({1, 1}, 0.37), some({1, 1}, 0.11), {});
}

TEST(DeviceProducts, TransposedWeightsAgree) {
  expect_same_product(some({300, 200}, 0.37), some({200, 500}, 0.11).t(), {});
}

TEST(DeviceProducts, OtherTypesAndNoRowsAgree) {
  expect_same_product(some({20, 96}, 0.37).to(at::kBFloat16), some({8, 96}, 0.11).to(at::kBFloat16),
                      {});
  EXPECT_EQ(device::linear(some({0, 96}, 0.37), some({8, 96}, 0.11)).sizes(),
            at::IntArrayRef({0, 8}));
}

}  // namespace
}  // namespace lumina::device
