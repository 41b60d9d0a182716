// The norms of a step against their definition in double precision, on two kinds of processor.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "kernels/cpu/element.h"
#include "kernels/cpu/isa.h"
#include "kernels/cpu/norm.h"
#include "recipe/recipe.h"

namespace lumina::kernels {
namespace {

constexpr float kEpsilon = 1e-5f;

std::vector<float> numbers(std::int64_t n, std::uint64_t stream, double offset = 0.0) {
  std::vector<float> values(n);
  for (std::int64_t i = 0; i < n; ++i) {
    // What bf16 can hold, so that both types begin with the same numbers.
    values[i] = to_float(to_bf16(static_cast<float>(recipe::uniform(stream, i) + offset)));
  }
  return values;
}

std::vector<std::uint16_t> narrow(const std::vector<float>& values) {
  std::vector<std::uint16_t> result;
  for (const float value : values) result.push_back(to_bf16(value));
  return result;
}

class KernelsNorm : public ::testing::TestWithParam<Isa> {
 protected:
  KernelsNorm() { limit_isa(GetParam()); }
  ~KernelsNorm() override { limit_isa(kBestIsa); }
};

TEST_P(KernelsNorm, RmsNormAgreesWithItsDefinition) {
  for (const std::int64_t n : {1, 15, 16, 100, 4096}) {
    const std::vector<float> x = numbers(n, 1), weight = numbers(n, 2, 1.0);
    double squares = 0.0;
    for (const float value : x) squares += double{value} * value;
    const double scale = 1.0 / std::sqrt(squares / static_cast<double>(n) + kEpsilon);
    constexpr float kUntouched = 777.0f;
    std::vector<float> y(n + 16, kUntouched);
    rms_norm(x.data(), weight.data(), kEpsilon, n, y.data());
    std::vector<std::uint16_t> y16(n + 16, to_bf16(kUntouched));
    rms_norm(narrow(x).data(), narrow(weight).data(), kEpsilon, n, y16.data());
    for (std::int64_t i = 0; i < n; ++i) {
      const double expected = x[i] * scale * weight[i];
      EXPECT_NEAR(y[i], expected, 1e-6 * std::abs(expected) + 1e-9) << i << " of " << n;
      // Rounded twice.
      EXPECT_NEAR(to_float(y16[i]), expected, 0x1p-7 * std::abs(expected)) << i << " of " << n;
    }
    for (std::int64_t i = n; i < n + 16; ++i) {
      EXPECT_EQ(y[i], kUntouched);
      EXPECT_EQ(y16[i], to_bf16(kUntouched));
    }
  }
}

TEST_P(KernelsNorm, HeadsArePlacedAsDefined) {
  for (const std::int64_t d : {2, 16, 24, 128, 208}) {
    const std::int64_t half = d / 2;
    const std::vector<float> x = numbers(d, 1, 0.5), weight = numbers(d, 2, 1.0);
    const std::vector<float> bias = numbers(d, 3);
    std::vector<float> cos, sin;
    for (std::int64_t i = 0; i < half; ++i) {
      cos.push_back(static_cast<float>(std::cos(0.3 * static_cast<double>(i))));
      sin.push_back(static_cast<float>(std::sin(0.3 * static_cast<double>(i))));
    }
    double mean = 0.0;
    for (const float value : x) mean += value / static_cast<double>(d);
    double variance = 0.0;
    for (const float value : x)
      variance += (value - mean) * (value - mean) / static_cast<double>(d);
    std::vector<double> normal;
    for (std::int64_t i = 0; i < d; ++i) {
      normal.push_back((x[i] - mean) / std::sqrt(variance + kEpsilon) * weight[i] + bias[i]);
    }
    constexpr float kUntouched = 777.0f;
    std::vector<float> y(d + 16, kUntouched);
    std::vector<std::uint16_t> y16(d + 16, to_bf16(kUntouched));
    const std::vector<std::uint16_t> x16 = narrow(x);
    place_head(HeadPlacement<float>{x.data(), weight.data(), bias.data(), cos.data(), sin.data(), d,
                                    kEpsilon, y.data()});
    place_head(HeadPlacement<std::uint16_t>{x16.data(), weight.data(), bias.data(), cos.data(),
                                            sin.data(), d, kEpsilon, y16.data()});
    for (std::int64_t i = 0; i < half; ++i) {
      const double low = normal[i] * cos[i] - normal[half + i] * sin[i];
      const double high = normal[half + i] * cos[i] + normal[i] * sin[i];
      EXPECT_NEAR(y[i], low, 5e-6) << i << " of " << d;
      EXPECT_NEAR(y[half + i], high, 5e-6) << i << " of " << d;
      EXPECT_NEAR(to_float(y16[i]), low, 0x1p-8 * std::abs(low) + 5e-6) << i << " of " << d;
      EXPECT_NEAR(to_float(y16[half + i]), high, 0x1p-8 * std::abs(high) + 5e-6) << i;
    }
    for (std::int64_t i = d; i < d + 16; ++i) EXPECT_EQ(y[i], kUntouched);
    for (std::int64_t i = d; i < d + 16; ++i) EXPECT_EQ(y16[i], to_bf16(kUntouched));
  }
}

INSTANTIATE_TEST_SUITE_P(Processors, KernelsNorm,
                         ::testing::Values(Isa::kPortable, Isa::kAvx512Vnni), [](const auto& test) {
                           return test.param == Isa::kPortable ? "portable" : "best";
                         });

}  // namespace
}  // namespace lumina::kernels
