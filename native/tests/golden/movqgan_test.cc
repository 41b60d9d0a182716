// The small network against the reference: docs/spec/movqgan.md 12.3, 12.4, 12.7.
#include "support/movqgan.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <numeric>

#include "vision/pixels.h"

namespace lumina::testing {
namespace {

using vision::Movqgan;
using vision::MovqganOptions;

struct Precision {
  at::ScalarType dtype;
  double tolerance;
};

class MovqganTiny : public ::testing::TestWithParam<Precision> {
 protected:
  // float64 convolutions go through OpenBLAS, which does not like being called from ATen's threads.
  MovqganTiny() {
    if (GetParam().dtype == at::kDouble) at::set_num_threads(1);
  }
  ~MovqganTiny() override { at::set_num_threads(threads_); }

  static MovqganOptions options() {
    MovqganOptions options;
    options.encoder_dtype = options.decoder_dtype = GetParam().dtype;
    return options;
  }
  static std::vector<std::int64_t> codes(const nlohmann::json& golden) {
    return golden["codes"].get<std::vector<std::int64_t>>();
  }

  const int threads_ = at::get_num_threads();
  const nlohmann::json& golden_ = movqgan_golden()["tiny"];
  const nlohmann::json& special_ = movqgan_golden()["special"];
  const double tolerance_ = GetParam().tolerance;
  const Movqgan network_{movqgan_weights(vision::movqgan_tiny()), options()};
};

TEST_P(MovqganTiny, encode_stages_and_codes) {
  const auto& golden = golden_["encode"];
  StageCheck stages(golden["stages"], tolerance_);
  const at::Tensor found = network_.encode(recipe_image("input", 1, 64, 48), stages.tap());
  stages.expect_all_seen();
  EXPECT_EQ(found.sizes().vec(), (std::vector<std::int64_t>{1, 8, 6}));
  EXPECT_EQ(code_list(found), codes(golden));
}

TEST_P(MovqganTiny, decode_stages) {
  const auto& golden = golden_["decode"];
  StageCheck stages(golden["stages"], tolerance_);
  const at::Tensor image = network_.decode(code_grid(codes(golden), 1, 5, 7), stages.tap());
  stages.expect_all_seen();
  expect_golden(image, golden["stages"].back(), tolerance_, "image");
}

TEST_P(MovqganTiny, decode_without_a_tap_gives_the_same_picture) {
  const at::Tensor grid = code_grid(codes(golden_["decode"]), 1, 5, 7);
  const at::Tensor tapped = network_.decode(grid, [](const std::string&, const at::Tensor&) {});
  EXPECT_TRUE(at::equal(network_.decode(grid), tapped));
}

TEST_P(MovqganTiny, decoded_pixels_and_bytes) {
  const auto& golden = golden_["decode"];
  const at::Tensor image = network_.decode(code_grid(codes(golden), 1, 5, 7));
  const Image bytes = vision::tensor_to_pixels(image);
  ASSERT_EQ(bytes.width, 56);
  ASSERT_EQ(bytes.height, 40);
  // docs/spec/movqgan.md 12: one level on at most 0.1 % of the bytes, where a value nearly rounds.
  EXPECT_NEAR(std::accumulate(bytes.pixels.begin(), bytes.pixels.end(), 0L), golden["byte_sum"],
              static_cast<double>(bytes.pixels.size()) / 1000);
  for (const auto& pixel : golden["pixels"]) {
    const int c = pixel["at"][0], y = pixel["at"][1], x = pixel["at"][2];
    EXPECT_NEAR(image[0][c][y][x].item<double>(), pixel["value"].get<double>(),
                tolerance_ * 4 + 5.1e-7);
    EXPECT_EQ(bytes.pixels[(y * 56 + x) * 3 + c], pixel["byte"]) << pixel;
  }
}

TEST_P(MovqganTiny, round_trip) {
  const auto& golden = golden_["encode"];
  const at::Tensor found = network_.encode(recipe_image("input", 1, 64, 48));
  expect_golden(network_.decode(found), golden["round_trip"], tolerance_, "round trip");
}

TEST_P(MovqganTiny, odd_size_is_floored) {
  const auto& golden = special_["odd"];
  at::Tensor latent;
  const at::Tensor found =
      network_.encode(recipe_image("odd", 1, 53, 47), [&](const std::string& name, const auto& t) {
        if (name == "quant_conv") latent = t.clone();
      });
  expect_golden(latent, golden["latent"], tolerance_, "latent");
  EXPECT_EQ(code_list(found), codes(golden));
  const at::Tensor image = network_.decode(found);
  EXPECT_EQ(image.sizes().vec(), (std::vector<std::int64_t>{1, 3, 48, 40}));
  expect_golden(image, golden["decoded"], tolerance_, "image");
}

TEST_P(MovqganTiny, batch_equals_single_pictures) {
  const auto& golden = special_["pair"];
  const at::Tensor images = recipe_image("pair", 2, 16, 24);
  const at::Tensor found = network_.encode(images);
  EXPECT_EQ(found.sizes().vec(), (std::vector<std::int64_t>{2, 2, 3}));
  EXPECT_EQ(code_list(found), codes(golden));
  const at::Tensor decoded = network_.decode(found);
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(at::equal(network_.encode(images.narrow(0, i, 1)), found.narrow(0, i, 1)));
    expect_golden(decoded[i], golden["decoded"][i], tolerance_, "image " + std::to_string(i));
    const at::Tensor alone = network_.decode(found.narrow(0, i, 1));
    EXPECT_LE((alone - decoded.narrow(0, i, 1)).abs().max().item<double>(), tolerance_ * 4);
  }
}

TEST_P(MovqganTiny, single_code) {
  const auto& golden = special_["single"];
  const at::Tensor image =
      network_.decode(code_grid({golden["code"].get<std::int64_t>()}, 1, 1, 1));
  EXPECT_EQ(image.sizes().vec(), (std::vector<std::int64_t>{1, 3, 8, 8}));
  expect_golden(image, golden["decoded"], tolerance_, "image");
}

TEST_P(MovqganTiny, zero_image) {
  const auto& golden = special_["zero"];
  at::Tensor latent;
  const at::Tensor found =
      network_.encode(at::zeros({1, 3, 32, 32}), [&](const std::string& name, const auto& t) {
        if (name == "quant_conv") latent = t.clone();
      });
  expect_golden(latent, {{"first", golden["first_latent"]}}, tolerance_, "latent");
  EXPECT_EQ(code_list(found), codes(golden));
}

INSTANTIATE_TEST_SUITE_P(Precisions, MovqganTiny,
                         ::testing::Values(Precision{at::kFloat, kFloatTolerance},
                                           Precision{at::kDouble, kDoubleTolerance}),
                         [](const auto& info) {
                           return info.param.dtype == at::kFloat ? "float32" : "float64";
                         });

// No bound per pixel: bfloat16 has eight bits (docs/spec/movqgan.md 12.2).
TEST(MovqganBfloat16, decode_stays_within_three_percent) {
  const checkpoint::WeightSet weights = movqgan_weights(vision::movqgan_tiny());
  MovqganOptions options;
  options.decoder_dtype = at::kBFloat16;
  const Movqgan exact(weights), rounded(weights, options);
  const auto& golden = movqgan_golden()["tiny"]["decode"];
  const at::Tensor grid = code_grid(golden["codes"].get<std::vector<std::int64_t>>(), 1, 5, 7);
  const at::Tensor expected = exact.decode(grid), actual = rounded.decode(grid);
  EXPECT_EQ(actual.scalar_type(), at::kBFloat16);
  const auto rms = [](const at::Tensor& t) {
    return t.to(at::kDouble).square().mean().sqrt().item<double>();
  };
  const double error = rms(actual.to(at::kFloat) - expected);
  EXPECT_LE(error, 0.03 * expected.std(false).item<double>());
  EXPECT_GT(error, 0.0);  // it did compute in bfloat16
  const auto bytes = [](const at::Tensor& t) {
    const Image image = vision::tensor_to_pixels(t);
    return at::tensor(std::vector<std::int64_t>(image.pixels.begin(), image.pixels.end()));
  };
  EXPECT_LE(rms(bytes(actual) - bytes(expected)), 3.0);
}

}  // namespace
}  // namespace lumina::testing
