// The quantizer's training loss and the 32x32 decode of docs/spec/movqgan.md 12.3, 12.5, 12.6 and
// 12.7: values of a whole picture, which see every position.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "device/tensors.h"
#include "recipe/recipe.h"
#include "support/movqgan.h"

namespace lumina::testing {
namespace {

using vision::Movqgan;
using vision::MovqganConfig;
using vision::MovqganOptions;
using vision::MovqganPart;

// mean((zq - z)^2) * (1 + 0.25), the commitment loss of spec section 4, of a recipe picture.
double training_loss(const MovqganConfig& config, const std::string& picture, std::int64_t batch,
                     std::int64_t height, std::int64_t width) {
  const auto weights = movqgan_weights(config, MovqganPart::kEncoder);
  MovqganOptions options;
  options.part = MovqganPart::kEncoder;
  at::Tensor z;  // [B, 4, h, w]
  const at::Tensor codes = Movqgan(weights, options)
                               .encode(recipe_image(picture, batch, height, width),
                                       [&](const std::string& name, const at::Tensor& value) {
                                         if (name == "quant_conv") z = value.to(at::kDouble);
                                       });
  const at::Tensor book =
      device::to_tensor(weights.get("quantize.embedding.weight"), at::kDouble);  // [n, 4]
  const at::Tensor zq = book.index_select(0, codes.flatten())
                            .view({batch, codes.size(1), codes.size(2), 4})
                            .permute({0, 3, 1, 2});
  return (zq - z).square().mean().item<double>() * 1.25;
}

TEST(MovqganLoss, equals_the_reference) {
  EXPECT_NEAR(training_loss(vision::movqgan_tiny(), "input", 1, 64, 48), 0.12327532, 1e-6);
  EXPECT_NEAR(training_loss(vision::movqgan_tiny(), "pair", 2, 16, 24), 0.09899389, 1e-6);
  EXPECT_NEAR(training_loss(vision::movqgan_270m(), "input", 1, 64, 48), 0.05199758, 1e-6);
}

TEST(MovqganFull, decode_of_32x32_codes_has_the_reference_statistics) {
  MovqganOptions options;
  options.part = MovqganPart::kDecoder;
  const MovqganConfig config = vision::movqgan_270m();
  const Movqgan network(movqgan_weights(config, MovqganPart::kDecoder), options);
  const auto values = recipe::codes(32 * 32, config.codebook_size);
  const at::Tensor image =
      network.decode(code_grid({values.begin(), values.end()}, 1, 32, 32)).to(at::kDouble);
  EXPECT_EQ(image.sizes().vec(), (std::vector<std::int64_t>{1, 3, 256, 256}));
  // The reference's own run was in float32, printed to six digits.
  const double mean = image.mean().item<double>();
  EXPECT_NEAR(mean, -0.070601, 5e-6);
  EXPECT_NEAR(std::sqrt((image - mean).square().mean().item<double>()), 0.741070, 5e-6);
}

}  // namespace
}  // namespace lumina::testing
