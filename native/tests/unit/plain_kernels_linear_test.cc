// The linear kernel against its definition, in double precision.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <tuple>
#include <vector>

#include "kernels/cpu/linear.h"
#include "recipe/recipe.h"

namespace lumina::kernels {
namespace {

float widen(std::uint16_t bf16) {
  const std::uint32_t bits = static_cast<std::uint32_t>(bf16) << 16;
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

using Shape = std::tuple<int, int, int, bool>;  // rows, in, out, bf16

class LinearKernel : public ::testing::TestWithParam<Shape> {};

TEST_P(LinearKernel, AgreesWithItsDefinition) {
  if (!has_avx512()) GTEST_SKIP() << "needs AVX-512";
  const auto [rows, in, out, bf16] = GetParam();
  std::vector<float> x(rows * in);
  std::vector<float> weight(out * in);
  std::vector<std::uint16_t> narrow(out * in);
  std::vector<float> bias(out);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(recipe::uniform(1, i));
  for (std::size_t i = 0; i < weight.size(); ++i) {
    weight[i] = static_cast<float>(recipe::uniform(2, i));
    if (bf16) {
      narrow[i] = static_cast<std::uint16_t>(recipe::stream(3, i) & 0x807F) | 0x3F00;
      weight[i] = widen(narrow[i]);
    }
  }
  for (int n = 0; n < out; ++n) bias[n] = static_cast<float>(recipe::uniform(4, n));

  constexpr float kUntouched = 12345.0f;
  std::vector<float> y(rows * out, kUntouched);
  LinearArguments arguments;
  arguments.x = x.data();
  arguments.rows = rows;
  arguments.in = in;
  arguments.weight = bf16 ? static_cast<const void*>(narrow.data()) : weight.data();
  arguments.element = bf16 ? Element::kBFloat16 : Element::kFloat32;
  arguments.bias = bias.data();
  arguments.y = y.data();
  arguments.out = out;
  const int last = out - 1;  // leaves the last output alone
  linear(arguments, 0, out / 3);
  linear(arguments, out / 3, last);

  for (int m = 0; m < rows; ++m) {
    for (int n = 0; n < last; ++n) {
      double expected = bias[n];
      double magnitude = std::abs(expected);
      for (int k = 0; k < in; ++k) {
        const double product = static_cast<double>(x[m * in + k]) * weight[n * in + k];
        expected += product;
        magnitude += std::abs(product);
      }
      ASSERT_NEAR(y[m * out + n], expected, 2e-6 * magnitude) << m << ", " << n;
    }
    EXPECT_EQ(y[m * out + last], kUntouched);
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, LinearKernel,
                         ::testing::Combine(::testing::Values(1, 2, 3, 4, 5, 6, 7, 8),
                                            ::testing::Values(1, 16, 37, 512),
                                            ::testing::Values(2, 23), ::testing::Bool()));

}  // namespace
}  // namespace lumina::kernels
