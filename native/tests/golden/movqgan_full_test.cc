// The real 270M shapes with recipe weights against the reference: docs/spec/movqgan.md 12.5, 12.6.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <numeric>

#include "support/movqgan.h"
#include "vision/pixels.h"

namespace lumina::testing {
namespace {

using vision::Movqgan;
using vision::MovqganOptions;
using vision::MovqganPart;

Movqgan half(MovqganPart part) {
  MovqganOptions options;
  options.part = part;
  return Movqgan(movqgan_weights(vision::movqgan_270m(), part), options);
}

TEST(MovqganFull, encode_stages_and_codes) {
  const auto& golden = movqgan_golden()["full"]["encode"];
  const Movqgan network = half(MovqganPart::kEncoder);
  EXPECT_EQ(network.config(), vision::movqgan_270m());
  StageCheck stages(golden["stages"], kFloatTolerance);
  const at::Tensor codes = network.encode(recipe_image("input", 1, 64, 48), stages.tap());
  stages.expect_all_seen();
  EXPECT_EQ(code_list(codes), golden["codes"].get<std::vector<std::int64_t>>());
}

TEST(MovqganFull, decode_stages_pixels_and_round_trip) {
  const auto& golden = movqgan_golden()["full"]["decode"];
  const Movqgan network = half(MovqganPart::kDecoder);
  EXPECT_EQ(network.config(), vision::movqgan_270m());
  StageCheck stages(golden["stages"], kFloatTolerance);
  const at::Tensor image = network.decode(
      code_grid(golden["codes"].get<std::vector<std::int64_t>>(), 1, 6, 8), stages.tap());
  stages.expect_all_seen();

  const Image bytes = vision::tensor_to_pixels(image);
  const long sum = std::accumulate(bytes.pixels.begin(), bytes.pixels.end(), 0L);
  EXPECT_LE(std::abs(sum - golden["byte_sum"].get<long>()), 9);  // one level on 0.1 % of 9216 bytes
  for (const auto& pixel : golden["pixels"]) {
    const int c = pixel["at"][0], y = pixel["at"][1], x = pixel["at"][2];
    EXPECT_NEAR(image[0][c][y][x].item<double>(), pixel["value"].get<double>(),
                kFloatTolerance * 3.5 + 5.1e-7);
    EXPECT_EQ(bytes.pixels[(y * 64 + x) * 3 + c], pixel["byte"]) << pixel;
  }

  const auto& encode = movqgan_golden()["full"]["encode"];
  const auto codes = encode["codes"].get<std::vector<std::int64_t>>();
  expect_golden(network.decode(code_grid(codes, 1, 8, 6)), encode["round_trip"], kFloatTolerance,
                "round trip");
}

}  // namespace
}  // namespace lumina::testing
