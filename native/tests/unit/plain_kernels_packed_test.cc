// Products with packed weights against their definition, in double precision, on every kind of
// processor that this machine can stand for.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <tuple>
#include <vector>

#include "kernels/cpu/isa.h"
#include "kernels/cpu/packed_product.h"
#include "recipe/recipe.h"

namespace lumina::kernels {
namespace {

std::uint16_t truncated(float value) {  // to bf16, towards zero
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return static_cast<std::uint16_t>(bits >> 16);
}

using Bytes = std::unique_ptr<std::uint8_t, void (*)(void*)>;

// A weight by formula, plain and packed.
struct Example {
  explicit Example(PackedLayout of) : layout(of), packed(nullptr, &std::free) {
    const std::int64_t out = layout.out;
    const std::int64_t in = layout.in;
    const std::int64_t groups = layout.groups();
    const bool int4 = layout.codes == Codes::kInt4;
    for (std::int64_t i = 0; i < out * in; ++i) {
      const auto random = recipe::stream(1, i);
      codes.push_back(static_cast<std::uint8_t>(int4 ? random % 16 : 1 + random % 255));
    }
    for (std::int64_t i = 0; i < out * groups; ++i) {
      scale.push_back(truncated(0.01f + 0.01f * static_cast<float>(recipe::uniform(2, i))));
      zero.push_back(truncated(0.1f * static_cast<float>(recipe::uniform(3, i))));
    }
    for (std::int64_t n = 0; n < out; ++n) {
      channel_scale.push_back(0.001f + 0.0005f * static_cast<float>(recipe::uniform(4, n)));
    }
    pack();
  }

  void pack() {
    const std::int64_t groups = layout.groups();
    const bool int4 = layout.codes == Codes::kInt4;
    const std::int64_t width = int4 ? (layout.in + 1) / 2 : layout.in;
    std::vector<std::uint8_t> stored(layout.out * width);
    for (std::int64_t n = 0; n < layout.out; ++n) {
      for (std::int64_t k = 0; k < layout.in; ++k) {
        const int code = codes[n * layout.in + k];
        if (int4) {
          stored[n * width + k / 2] |= static_cast<std::uint8_t>(k % 2 == 0 ? code << 4 : code);
        } else {
          stored[n * width + k] = static_cast<std::uint8_t>(code - 128);
        }
      }
    }
    packed = Bytes(static_cast<std::uint8_t*>(std::aligned_alloc(64, layout.bytes())), &std::free);
    for (std::int64_t strip = 0; strip < layout.strips(); ++strip) {
      const std::int64_t n = strip * kStrip;
      PlainCodes plain;
      plain.outputs = std::min<std::int64_t>(kStrip, layout.out - n);
      plain.codes = stored.data() + n * width;
      plain.scale = scale.data() + n * groups;
      plain.zero = zero.data() + n * groups;
      plain.channel_scale = channel_scale.data() + n;
      pack_strip(layout, plain, packed.get() + strip * layout.strip_bytes());
    }
  }

  double weight(std::int64_t n, std::int64_t k) const {
    const double code = codes[n * layout.in + k] - layout.middle();
    if (layout.codes == Codes::kInt8) return code * channel_scale[n];
    const std::int64_t at = n * layout.groups() + k / layout.group;
    return code * to_float(scale[at]) + to_float(zero[at]);
  }

  PackedLayout layout;
  std::vector<std::uint8_t> codes;
  std::vector<std::uint16_t> scale;
  std::vector<std::uint16_t> zero;
  std::vector<float> channel_scale;
  Bytes packed;
};

// What rounding to 8 bits makes of x [rows, in].
std::vector<double> rounded(const std::vector<float>& x, std::int64_t in, std::int64_t group) {
  std::vector<double> result(x.size());
  for (std::size_t row = 0; row < x.size(); row += in) {
    for (std::int64_t first = 0; first < in; first += group) {
      const std::int64_t last = std::min(first + group, in);
      float most = 0.0f;
      for (std::int64_t k = first; k < last; ++k) most = std::max(most, std::abs(x[row + k]));
      for (std::int64_t k = first; k < last; ++k) {
        const float code = std::nearbyint(x[row + k] * (127.0f / most));
        result[row + k] = static_cast<double>(most / 127.0f) * code;
      }
    }
  }
  return result;
}

class LimitedIsa {
 public:
  explicit LimitedIsa(Isa most) { limit_isa(most); }
  ~LimitedIsa() { limit_isa(kBestIsa); }
};

using Case = std::tuple<Isa, Codes, int, bool>;  // group; activations rounded

class PackedProduct : public ::testing::TestWithParam<Case> {
 protected:
  PackedProduct() : limited_(std::get<0>(GetParam())) {}

  static std::vector<float> inputs(std::int64_t rows, std::int64_t in) {
    std::vector<float> x(rows * in);
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = static_cast<float>(recipe::uniform(5, i)) * (i % 3 == 0 ? 4.0f : 1.0f) + 0.25f;
    }
    return x;
  }

  static void expect_product(const Example& example, std::int64_t rows, std::int64_t first,
                             std::int64_t last) {
    const auto [isa, codes, group, round] = GetParam();
    const std::int64_t in = example.layout.in;
    const std::vector<float> x = inputs(rows, in);
    std::vector<double> seen(x.begin(), x.end());
    if (round) seen = rounded(x, in, example.layout.group);
    std::vector<float> bias(last - first);
    for (std::size_t n = 0; n < bias.size(); ++n) {
      bias[n] = static_cast<float>(recipe::uniform(6, n));
    }
    Activations activations;
    prepare(x.data(), rows, example.layout, round, activations);
    // Room on both sides, which must stay as it is.
    constexpr std::int64_t kMargin = 64;
    constexpr float kUntouched = 12345.0f;
    std::vector<float> room(rows * (last - first) + 2 * kMargin, kUntouched);
    float* y = room.data() + kMargin;
    ProductArguments arguments;
    arguments.layout = example.layout;
    arguments.weight = example.packed.get();
    arguments.x = &activations;
    arguments.first = first;
    arguments.last = last;
    arguments.bias = bias.data();
    arguments.y = y;
    multiply(arguments, 0, 1);
    multiply(arguments, 1, example.layout.strips());
    EXPECT_EQ(std::count(room.begin(), room.begin() + kMargin, kUntouched), kMargin);
    EXPECT_EQ(std::count(room.end() - kMargin, room.end(), kUntouched), kMargin);
    for (std::int64_t m = 0; m < rows; ++m) {
      for (std::int64_t n = first; n < last; ++n) {
        double expected = bias[n - first];
        double magnitude = std::abs(expected);
        for (std::int64_t k = 0; k < in; ++k) {
          const double product = seen[m * in + k] * example.weight(n, k);
          expected += product;
          magnitude += std::abs(product);
        }
        ASSERT_NEAR(y[m * (last - first) + n - first], expected, 2e-6 * magnitude)
            << "row " << m << " output " << n << " of " << rows << ", " << in << ", "
            << example.layout.out;
      }
    }
  }

  LimitedIsa limited_;
};

TEST_P(PackedProduct, AgreesWithItsDefinition) {
  const auto [isa, codes, group, round] = GetParam();
  if (kernels::isa() != isa) GTEST_SKIP() << "needs " << isa_name(isa);
  for (const std::int64_t in : {3, 128, 200, 384}) {
    for (const std::int64_t out : {1, 32, 75}) {
      PackedLayout layout{codes, out, in, group};
      const Example example(layout);
      for (const std::int64_t rows : {1, 2, 3, 4, 5}) expect_product(example, rows, 0, out);
    }
  }
}

TEST_P(PackedProduct, AgreesForManyRows) {
  const auto [isa, codes, group, round] = GetParam();
  if (kernels::isa() != isa) GTEST_SKIP() << "needs " << isa_name(isa);
  const Example example({codes, 33, 136, group});
  for (std::int64_t rows = 6; rows <= 27; ++rows) expect_product(example, rows, 0, 33);
  for (const std::int64_t rows : {32, 61, 64, 130}) expect_product(example, rows, 0, 33);
}

TEST_P(PackedProduct, ComputesTheOutputsThatAreWanted) {
  const auto [isa, codes, group, round] = GetParam();
  if (kernels::isa() != isa) GTEST_SKIP() << "needs " << isa_name(isa);
  const Example example({codes, 100, 160, group});
  expect_product(example, 2, 24, 90);
  expect_product(example, 2, 32, 64);
  expect_product(example, 3, 40, 41);
}

TEST_P(PackedProduct, TakesAndGivesBf16) {
  const auto [isa, codes, group, round] = GetParam();
  if (kernels::isa() != isa) GTEST_SKIP() << "needs " << isa_name(isa);
  const bool rounds = round;
  const Example example({codes, 45, 200, group});
  const std::vector<float> exact = inputs(3, 200);
  std::vector<std::uint16_t> x;
  std::vector<float> same;
  for (const float value : exact) {
    x.push_back(to_bf16(value));
    same.push_back(to_float(x.back()));
  }
  const auto product = [&](const auto* from, Element element, void* to) {
    Activations activations;
    prepare(from, 3, example.layout, rounds, activations);
    multiply({example.layout, example.packed.get(), &activations, 0, 45, nullptr, to, element}, 0,
             2);
  };
  std::vector<float> expected(3 * 45);
  std::vector<std::uint16_t> y(3 * 45);
  product(same.data(), Element::kFloat32, expected.data());
  product(x.data(), Element::kBFloat16, y.data());
  for (std::size_t i = 0; i < y.size(); ++i) EXPECT_EQ(y[i], to_bf16(expected[i])) << i;
}

TEST_P(PackedProduct, KeepsTheLargestSums) {
  // The largest codes with the largest activations, where narrow sums would overflow.
  const auto [isa, codes, group, round] = GetParam();
  if (kernels::isa() != isa) GTEST_SKIP() << "needs " << isa_name(isa);
  Example example({codes, 32, 256, group});
  for (const int code : {0, codes == Codes::kInt4 ? 15 : 255}) {
    std::fill(example.codes.begin(), example.codes.end(), code);
    example.pack();
    for (const float value : {3.0f, -3.0f}) {
      const std::vector<float> x(256, value);
      Activations activations;
      prepare(x.data(), 1, example.layout, round, activations);
      std::vector<float> y(32);
      ProductArguments arguments{example.layout, example.packed.get(), &activations, 0, 32, nullptr,
                                 y.data()};
      multiply(arguments, 0, 1);
      for (int n = 0; n < 32; ++n) {
        double expected = 0.0;
        for (int k = 0; k < 256; ++k) expected += value * example.weight(n, k);
        EXPECT_NEAR(y[n], expected, 1e-5 * std::abs(expected)) << n;
      }
    }
  }
}

TEST_P(PackedProduct, KeepsWhatIsNotANumber) {
  const auto [isa, codes, group, round] = GetParam();
  if (kernels::isa() != isa) GTEST_SKIP() << "needs " << isa_name(isa);
  const Example example({codes, 40, 256, group});
  for (const float poison :
       {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    std::vector<float> x = inputs(3, 256);
    x[256 + 130] = poison;
    Activations activations;
    prepare(x.data(), 3, example.layout, round, activations);
    std::vector<float> y(3 * 40);
    ProductArguments arguments{example.layout, example.packed.get(), &activations, 0, 40, nullptr,
                               y.data()};
    multiply(arguments, 0, 2);
    for (int n = 0; n < 40; ++n) {
      EXPECT_TRUE(std::isfinite(y[n]));
      EXPECT_FALSE(std::isfinite(y[40 + n]));
      EXPECT_TRUE(std::isfinite(y[80 + n]));
    }
  }
}

TEST_P(PackedProduct, TakesZerosAndTinyNumbers) {
  const auto [isa, codes, group, round] = GetParam();
  if (kernels::isa() != isa) GTEST_SKIP() << "needs " << isa_name(isa);
  const Example example({codes, 8, 128, group});
  for (const float value : {0.0f, 1e-44f, -1e-38f, 1e-30f}) {
    const std::vector<float> x(128, value);
    Activations activations;
    prepare(x.data(), 1, example.layout, round, activations);
    std::vector<float> y(8);
    ProductArguments arguments{example.layout, example.packed.get(), &activations, 0, 8, nullptr,
                               y.data()};
    multiply(arguments, 0, 1);
    for (int n = 0; n < 8; ++n) {
      double expected = 0.0;
      for (int k = 0; k < 128; ++k) expected += value * example.weight(n, k);
      EXPECT_NEAR(y[n], expected, 1e-5 * std::abs(expected) + 1e-35) << value;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Int4, PackedProduct,
                         ::testing::Combine(::testing::Values(Isa::kPortable, Isa::kAvx2,
                                                              Isa::kAvx512, Isa::kAvx512Vnni),
                                            ::testing::Values(Codes::kInt4),
                                            ::testing::Values(32, 64, 128), ::testing::Bool()));
INSTANTIATE_TEST_SUITE_P(Int8, PackedProduct,
                         ::testing::Combine(::testing::Values(Isa::kPortable, Isa::kAvx2,
                                                              Isa::kAvx512, Isa::kAvx512Vnni),
                                            ::testing::Values(Codes::kInt8), ::testing::Values(128),
                                            ::testing::Bool()));

TEST(Bf16, IsTheNearestAndOfTwoTheEvenOne) {
  const auto bits = [](std::uint32_t of) {
    float value;
    std::memcpy(&value, &of, sizeof value);
    return value;
  };
  EXPECT_EQ(to_bf16(1.0f), 0x3F80);
  EXPECT_EQ(to_bf16(bits(0x3F808000)), 0x3F80);  // halfway, even below
  EXPECT_EQ(to_bf16(bits(0x3F818000)), 0x3F82);  // halfway, even above
  EXPECT_EQ(to_bf16(bits(0x3F808001)), 0x3F81);
  EXPECT_EQ(to_bf16(bits(0xBF807FFF)), 0xBF80);
  EXPECT_EQ(to_bf16(std::numeric_limits<float>::max()), 0x7F80);
  EXPECT_EQ(to_bf16(-std::numeric_limits<float>::infinity()), 0xFF80);
  EXPECT_TRUE(std::isnan(to_float(to_bf16(bits(0x7F800001)))));
}

// Of one group alone, as a key/value cache rounds its heads.
TEST(RoundNumbers, AgreesWithItsDefinitionOnEveryProcessor) {
  for (const Isa most : {Isa::kPortable, Isa::kAvx512Vnni}) {
    const LimitedIsa limited(most);
    for (const std::int64_t count : {1, 16, 24, 128}) {
      std::vector<float> x;
      for (std::int64_t i = 0; i < count; ++i) {
        x.push_back(to_float(to_bf16(static_cast<float>(3.0 * recipe::uniform(7, i)))));
      }
      std::vector<std::uint16_t> narrow;
      for (const float value : x) narrow.push_back(to_bf16(value));
      const std::vector<double> expected = rounded(x, count, count);
      const auto check = [&](const auto* from) {
        std::vector<std::int8_t> codes(count + 16, 77);
        float scale = 0.0f;
        round_numbers(from, count, codes.data(), &scale);
        for (std::int64_t i = 0; i < count; ++i) {
          EXPECT_NEAR(static_cast<double>(scale) * codes[i], expected[i], 1e-6);
        }
        EXPECT_EQ(std::count(codes.begin() + count, codes.end(), 77), 16);
      };
      check(x.data());
      check(narrow.data());
      x.back() = std::numeric_limits<float>::infinity();
      std::vector<std::int8_t> codes(count, 77);
      float scale = 0.0f;
      round_numbers(x.data(), count, codes.data(), &scale);
      EXPECT_TRUE(std::isnan(scale));
      EXPECT_EQ(std::count(codes.begin(), codes.end(), 0), count);
    }
  }
}

TEST(PackedMatrix, UnpacksWhatWasPacked) {
  for (const auto& layout :
       {PackedLayout{Codes::kInt4, 37, 200, 64}, PackedLayout{Codes::kInt4, 5, 9, 32},
        PackedLayout{Codes::kInt8, 37, 200, 128}}) {
    const Example example(layout);
    std::vector<float> values(layout.in);
    for (std::int64_t n = 0; n < layout.out; ++n) {
      const std::uint8_t* strip = example.packed.get() + n / kStrip * layout.strip_bytes();
      unpack_output(layout, strip, static_cast<int>(n % kStrip), values.data());
      for (std::int64_t k = 0; k < layout.in; ++k) {
        ASSERT_NEAR(values[k], example.weight(n, k), 1e-6) << n << ", " << k;
      }
    }
  }
}

}  // namespace
}  // namespace lumina::kernels
