// Bytes to values and back: docs/spec/movqgan.md section 6 and 12.7.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <limits>

#include "support/expect_error.h"
#include "support/movqgan.h"
#include "vision/pixels.h"

namespace lumina::testing {
namespace {

std::vector<int> bytes_of(const std::vector<double>& values, at::ScalarType dtype = at::kDouble) {
  const std::int64_t width = static_cast<std::int64_t>(values.size());
  const Image image =
      vision::tensor_to_pixels(at::tensor(values, at::kDouble).to(dtype).expand({1, 3, 1, width}));
  std::vector<int> red;
  for (std::int64_t i = 0; i < width; ++i) red.push_back(image.pixels[i * 3]);
  return red;
}

// Not every half can be reached by (y + 1) * 127.5 in floating point; those that can are tried.
TEST(Pixels, halves_are_rounded_to_even) {
  int reached_below_even = 0, reached_below_odd = 0;
  for (int k = 0; k < 255; ++k) {
    const double half = k + 0.5;
    double y = half / 127.5 - 1.0;
    while ((y + 1) * 127.5 < half) y = std::nextafter(y, 10.0);
    while ((y + 1) * 127.5 > half) y = std::nextafter(y, -10.0);
    if ((y + 1) * 127.5 != half) continue;
    EXPECT_EQ(bytes_of({y}), std::vector<int>{k % 2 == 0 ? k : k + 1}) << half;
    ++(k % 2 == 0 ? reached_below_even : reached_below_odd);
  }
  EXPECT_GT(reached_below_even, 10);
  EXPECT_GT(reached_below_odd, 10);
}

TEST(Pixels, overshoot_is_clamped_after_rounding) {
  EXPECT_EQ(bytes_of({-1.0, 1.0, -1.004, 1.004, -3.9, 3.9, 1e30}, at::kFloat),
            (std::vector<int>{0, 255, 0, 255, 0, 255, 255}));
}

TEST(Pixels, every_byte_survives_the_round_trip) {
  Image image;
  image.width = 16;
  image.height = 16;
  for (int i = 0; i < 256; ++i) {
    for (const int c : {0, 1, 2})
      image.pixels.push_back(static_cast<std::uint8_t>((i + 85 * c) % 256));
  }
  const at::Tensor tensor = vision::pixels_to_tensor(image);
  EXPECT_EQ(tensor.sizes().vec(), (std::vector<std::int64_t>{1, 3, 16, 16}));
  EXPECT_EQ(tensor.scalar_type(), at::kFloat);
  for (int i = 0; i < 256; ++i) {  // float64, rounded once
    const float expected = static_cast<float>(i / 255.0 * 2.0 - 1.0);
    EXPECT_EQ(tensor[0][0][i / 16][i % 16].item<float>(), expected) << i;
  }
  EXPECT_EQ(tensor[0][2][0][0].item<float>(), static_cast<float>(170 / 255.0 * 2.0 - 1.0));
  EXPECT_EQ(vision::tensor_to_pixels(tensor).pixels, image.pixels);
  EXPECT_EQ(vision::tensor_to_pixels(tensor[0]).pixels, image.pixels);
}

TEST(Pixels, what_is_no_picture_is_refused) {
  Image image;
  image.width = 4;
  image.height = 2;
  image.pixels.resize(23);
  expect_error(ErrorCode::kInvalidArgument, "4 x 2", [&] { vision::pixels_to_tensor(image); });
  image.width = -1;
  expect_error(ErrorCode::kInvalidArgument, "-1 x 2", [&] { vision::pixels_to_tensor(image); });
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    expect_error(ErrorCode::kNumerical, "not finite", [&] { bytes_of({0.0, bad}); });
  }
  expect_error(ErrorCode::kInternal, "[2, 3, 4, 4]", [&] {
    vision::tensor_to_pixels(at::zeros({2, 3, 4, 4}));
  });
}

}  // namespace
}  // namespace lumina::testing
