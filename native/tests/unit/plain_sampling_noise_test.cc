#include <gtest/gtest.h>

#include <cmath>

#include "sampling/noise.h"

namespace lumina::sampling {
namespace {

using Words = std::array<std::uint32_t, 4>;

TEST(Noise, PhiloxGivesThePublishedVectors) {
  EXPECT_EQ(philox({0, 0, 0, 0}, 0), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({~0u, ~0u, ~0u, ~0u}, ~0ull),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0x299f31d0a4093822),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Noise, AValueDependsOnItsAddressAlone) {
  GumbelNoise in_order(42, NoiseStream::kPicture, 7);
  double at_100 = 0;
  for (std::int32_t id = 0; id <= 100; ++id) at_100 = in_order(id);
  GumbelNoise jumping(42, NoiseStream::kPicture, 7);
  jumping(5000);
  EXPECT_EQ(jumping(100), at_100);

  EXPECT_NE(GumbelNoise(43, NoiseStream::kPicture, 7)(100), at_100);
  EXPECT_NE(GumbelNoise(42, NoiseStream::kText, 7)(100), at_100);
  EXPECT_NE(GumbelNoise(42, NoiseStream::kPicture, 8)(100), at_100);
  EXPECT_NE(jumping(101), at_100);
}

TEST(Noise, HasTheMomentsOfAGumbelVariable) {
  constexpr int kCount = 200000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < kCount; ++i) {
    const double value = GumbelNoise(1, NoiseStream::kPicture, i / 1000)(i % 1000);
    sum += value;
    squares += value * value;
  }
  const double mean = sum / kCount;
  EXPECT_NEAR(mean, 0.5772, 0.015);                                      // five standard errors
  EXPECT_NEAR(squares / kCount - mean * mean, M_PI * M_PI / 6.0, 0.03);  // variance
}

}  // namespace
}  // namespace lumina::sampling
