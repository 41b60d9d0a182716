// What the image tokenizer refuses, and how it says so.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <limits>

#include "recipe/recipe.h"
#include "support/expect_error.h"
#include "support/movqgan.h"

namespace lumina::testing {
namespace {

using vision::Movqgan;
using vision::MovqganOptions;
using vision::MovqganPart;

// The recipe's weights with one value of one tensor replaced.
checkpoint::WeightSet spoiled(const std::string& name, float value) {
  auto tensors = movqgan_weights(vision::movqgan_tiny()).tensors();
  auto values = std::make_shared<std::vector<float>>(tensors[name].numel(), 0.5f);
  values->back() = value;
  tensors[name].data = values->data();
  tensors[name].owner = values;
  return checkpoint::WeightSet::in_memory(std::move(tensors), "spoiled");
}

MovqganOptions only(MovqganPart part) {
  MovqganOptions options;
  options.part = part;
  return options;
}

class MovqganErrors : public ::testing::Test {
 protected:
  const checkpoint::WeightSet weights_ = movqgan_weights(vision::movqgan_tiny());
  const Movqgan network_{weights_};
};

TEST_F(MovqganErrors, code_outside_the_codebook) {
  for (const std::int64_t bad : {-1L, 64L, 155000L, std::numeric_limits<std::int64_t>::min()}) {
    expect_error(ErrorCode::kInvalidArgument, "code " + std::to_string(bad) + " is outside 0..63",
                 [&] {
                   network_.decode(code_grid({0, bad, 63, 1}, 1, 2, 2));
                 });
  }
  EXPECT_NO_THROW(network_.decode(code_grid({0, 63}, 1, 1, 2)));
}

TEST_F(MovqganErrors, codes_of_another_shape_or_type) {
  for (const at::Tensor& bad :
       {at::zeros({4}, at::kLong), at::zeros({2, 2}, at::kLong), at::zeros({1, 1, 2, 2}, at::kLong),
        at::zeros({1, 0, 2}, at::kLong), at::zeros({0, 2, 2}, at::kLong), at::zeros({1, 2, 2})}) {
    expect_error(ErrorCode::kInvalidArgument, "codes must be", [&] { network_.decode(bad); });
  }
  expect_error(ErrorCode::kInvalidArgument, "codes must be", [&] { network_.decode({}); });
  EXPECT_TRUE(at::equal(network_.decode(at::ones({1, 2, 2}, at::kInt)),
                        network_.decode(at::ones({1, 2, 2}, at::kLong))));
}

TEST_F(MovqganErrors, image_of_another_shape_or_type) {
  for (const at::Tensor& bad :
       {at::zeros({3, 8, 8}), at::zeros({1, 4, 8, 8}), at::zeros({0, 3, 8, 8}),
        at::zeros({1, 3, 7, 8}), at::zeros({1, 3, 8, 7}), at::zeros({1, 3, 8, 8}, at::kByte)}) {
    expect_error(ErrorCode::kInvalidArgument, "image must be", [&] { network_.encode(bad); });
  }
  expect_error(ErrorCode::kInvalidArgument, "image must be", [&] { network_.encode({}); });
  EXPECT_EQ(network_.encode(at::zeros({1, 3, 8, 8})).numel(), 1);
}

TEST_F(MovqganErrors, image_that_is_not_finite) {
  at::Tensor image = at::zeros({1, 3, 16, 16});
  image.index({0, 1, 3, 3}).fill_(std::numeric_limits<float>::quiet_NaN());
  expect_error(ErrorCode::kNumerical, "not finite", [&] { network_.encode(image); });
}

TEST(MovqganLoading, value_that_is_not_finite) {
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    for (const char* name : {"decoder.up.0.block.1.norm1.conv_y.bias", "encoder.conv_out.weight",
                             "quantize.embedding.weight"}) {
      expect_error(ErrorCode::kCheckpoint, name, [&] { Movqgan network(spoiled(name, bad)); });
    }
  }
  EXPECT_NO_THROW(Movqgan(spoiled("encoder.conv_out.weight", 0.25f)));
}

TEST(MovqganLoading, activations_that_overflow) {
  const Movqgan network(spoiled("decoder.conv_out.bias", 3e38f));
  EXPECT_NO_THROW(network.decode(code_grid({1}, 1, 1, 1)));
  const Movqgan overflowing(spoiled("decoder.norm_out.conv_y.bias", 3e38f));
  expect_error(ErrorCode::kNumerical, "not finite", [&] {
    overflowing.decode(code_grid({1, 2, 3, 4}, 1, 2, 2));
  });
}

TEST(MovqganLoading, types_that_would_change_codes) {
  const auto weights = movqgan_weights(vision::movqgan_tiny());
  MovqganOptions options;
  options.encoder_dtype = at::kBFloat16;
  expect_error(ErrorCode::kInvalidArgument, "encoder", [&] { Movqgan(weights, options); });
  options = {};
  options.decoder_dtype = at::kHalf;
  expect_error(ErrorCode::kInvalidArgument, "decoder", [&] { Movqgan(weights, options); });
}

TEST(MovqganLoading, one_half_works_alone) {
  const auto config = vision::movqgan_tiny();
  const Movqgan both(movqgan_weights(config));
  const Movqgan encoder(movqgan_weights(config, MovqganPart::kEncoder),
                        only(MovqganPart::kEncoder));
  const Movqgan decoder(movqgan_weights(config), only(MovqganPart::kDecoder));
  const at::Tensor image = recipe_image("input", 1, 16, 24);
  const at::Tensor codes = encoder.encode(image);
  EXPECT_TRUE(at::equal(codes, both.encode(image)));
  EXPECT_TRUE(at::equal(decoder.decode(codes), both.decode(codes)));
  expect_error(ErrorCode::kInvalidArgument, "without its decoder", [&] { encoder.decode(codes); });
  expect_error(ErrorCode::kInvalidArgument, "without its encoder", [&] { decoder.encode(image); });
  expect_error(ErrorCode::kCheckpoint, "decoder.",
               [&] { Movqgan(movqgan_weights(config, MovqganPart::kEncoder)); });
}

TEST(MovqganLoading, weights_in_a_shorter_type_are_converted) {
  const auto specs = vision::movqgan_tensors(vision::movqgan_tiny());
  const Movqgan exact(recipe::make_weights(recipe::Family::kMovqgan, specs));
  const Movqgan converted(recipe::make_weights(recipe::Family::kMovqgan, specs, /*bf16=*/true));
  const at::Tensor codes = code_grid({3, 14, 15, 9}, 1, 2, 2);
  const at::Tensor a = exact.decode(codes), b = converted.decode(codes);
  EXPECT_EQ(b.scalar_type(), at::kFloat);
  const double difference = (a - b).abs().mean().item<double>();
  EXPECT_GT(difference, 0.0);
  EXPECT_LT(difference, 0.1);
}

TEST_F(MovqganErrors, a_check_between_stages_may_stop_the_pass_and_changes_nothing_else) {
  const at::Tensor codes = at::arange(6, at::kLong).view({1, 2, 3});
  int stages = 0;
  const auto count = vision::Tap::between_stages([&] { ++stages; });
  EXPECT_TRUE(at::equal(network_.decode(codes, count), network_.decode(codes)));
  EXPECT_GT(stages, 20);
  const int all = stages;
  stages = 0;
  const auto stop = vision::Tap::between_stages([&] {
    if (++stages == 5) throw Error(ErrorCode::kCancelled, "stopped between stages");
  });
  expect_error(ErrorCode::kCancelled, "between stages", [&] { network_.decode(codes, stop); });
  EXPECT_EQ(stages, 5);
  EXPECT_LT(stages, all);
  stages = 0;
  expect_error(ErrorCode::kCancelled, "between stages", [&] {
    network_.encode(at::zeros({1, 3, 16, 16}), stop);
  });
}

}  // namespace
}  // namespace lumina::testing
