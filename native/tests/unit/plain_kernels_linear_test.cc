// The linear kernels against their definition, in double precision.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <tuple>
#include <vector>

#include "kernels/cpu/isa.h"
#include "kernels/cpu/linear.h"
#include "kernels/cpu/linear_bf16.h"
#include "lumina/status.h"
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

// A bf16 number of either sign between 1/2 and 2.
std::uint16_t some_bf16(std::uint64_t stream, std::uint64_t index) {
  return static_cast<std::uint16_t>((recipe::stream(stream, index) & 0x80FF) | 0x3F00);
}

using Bf16Shape = std::tuple<Isa, int, int, int>;  // most, rows, in, out

class Bf16LinearKernel : public ::testing::TestWithParam<Bf16Shape> {
 protected:
  ~Bf16LinearKernel() override { limit_isa(kBestIsa); }
};

TEST_P(Bf16LinearKernel, AgreesWithItsDefinition) {
  const auto [most, rows, in, out] = GetParam();
  if (isa() < most) GTEST_SKIP() << "needs " << isa_name(most);
  limit_isa(most);
  std::vector<std::uint16_t> x(rows * in), weight(out * in);
  std::vector<float> bias(out);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = some_bf16(1, i);
  for (std::size_t i = 0; i < weight.size(); ++i) weight[i] = some_bf16(2, i);
  for (int n = 0; n < out; ++n) bias[n] = static_cast<float>(recipe::uniform(4, n));

  constexpr std::uint16_t kUntouched = 0x4321;
  std::vector<std::uint16_t> y(rows * out, kUntouched);
  std::vector<std::uint16_t> columns(arranged_size(rows, in), kUntouched);
  if (needs_arranging(rows)) arrange(x.data(), rows, in, columns.data());
  Bf16LinearArguments arguments;
  arguments.x = x.data();
  arguments.columns = columns.data();
  arguments.rows = rows;
  arguments.in = in;
  arguments.weight = weight.data();
  arguments.bias = bias.data();
  arguments.y = y.data();
  arguments.out = out;
  const int last = out - 1;  // leaves the last output alone
  linear_bf16(arguments, 0, out / 3);
  linear_bf16(arguments, out / 3, last);

  for (int m = 0; m < rows; ++m) {
    for (int n = 0; n < last; ++n) {
      double expected = bias[n];
      double magnitude = std::abs(expected);
      for (int k = 0; k < in; ++k) {
        const double product =
            static_cast<double>(widen(x[m * in + k])) * widen(weight[n * in + k]);
        expected += product;
        magnitude += std::abs(product);
      }
      // A sum in fp32, then half a step of bf16's eight bits.
      ASSERT_NEAR(widen(y[m * out + n]), expected, 2e-6 * magnitude + std::abs(expected) / 256)
          << m << ", " << n;
    }
    EXPECT_EQ(y[m * out + last], kUntouched);
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, Bf16LinearKernel,
                         ::testing::Combine(::testing::Values(Isa::kAvx512Bf16, Isa::kAmxBf16),
                                            ::testing::Values(1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 32,
                                                              33, 48, 50, 64),
                                            ::testing::Values(1, 2, 31, 32, 37, 65, 512),
                                            ::testing::Values(2, 23, 41, 131)));

TEST(Bf16Linear, RefusesMoreRows) {
  if (!has_bf16_products()) GTEST_SKIP() << "needs AVX-512 with bf16";
  Bf16LinearArguments arguments;
  arguments.rows = kMaxBf16Rows + 1;
  EXPECT_THROW(linear_bf16(arguments, 0, 1), Error);
}

TEST(Bf16Linear, IsNotForLesserProcessors) {
  limit_isa(Isa::kAvx512Vnni);
  EXPECT_FALSE(has_bf16_products());
  limit_isa(kBestIsa);
}

}  // namespace
}  // namespace lumina::kernels
