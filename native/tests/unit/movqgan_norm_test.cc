// Group norm, plain and modulated, and its definition at full size: docs/spec/movqgan.md 2.2, 2.7.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "recipe/recipe.h"
#include "support/expect_error.h"
#include "support/movqgan.h"
#include "vision/norm.h"

namespace lumina::testing {
namespace {

using vision::Activation;
using vision::Norm;
using vision::WeightReader;

at::Tensor uniform(const std::string& name, std::vector<std::int64_t> shape) {
  const std::uint64_t hash = recipe::name_hash(name);
  at::Tensor values = at::empty(shape, at::kDouble);
  double* out = values.data_ptr<double>();
  for (std::int64_t i = 0; i < values.numel(); ++i) out[i] = recipe::uniform(hash, i);
  return values;
}

at::Tensor channels_last(const at::Tensor& x) {
  return x.contiguous(at::MemoryFormat::ChannelsLast);
}

class MovqganNorm : public ::testing::Test {
 protected:
  // The definition: modulation maps as large as the feature map.
  at::Tensor reference(const std::string& name, const at::Tensor& x, const at::Tensor& latent) {
    const bool conditional = latent.defined();
    const std::string affine = conditional ? name + ".norm_layer" : name;
    const at::Tensor normed = at::group_norm(x, 32, exact_.read(affine + ".weight"),
                                             exact_.read(affine + ".bias"), 1e-6, false);
    if (!conditional) return normed;
    const at::Tensor resized = at::upsample_nearest2d(latent, {x.size(2), x.size(3)});
    const auto map = [&](const std::string& conv) {
      return at::conv2d(resized, exact_.read(name + conv + ".weight"),
                        exact_.read(name + conv + ".bias"));
    };
    return normed * map(".conv_y") + map(".conv_b");
  }
  static double deviation(const at::Tensor& a, const at::Tensor& b) {
    return (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>();
  }

  const vision::Tap no_tap_;
  const checkpoint::WeightSet weights_ = movqgan_weights(vision::movqgan_tiny());
  const WeightReader exact_{weights_, at::kDouble};
};

// Small features show a wrong eps: 1e-5 would be off by up to 0.96.
TEST_F(MovqganNorm, conditional_norm_matches_golden_values) {
  const Norm norm(exact_, "decoder.norm_out", true);
  const at::Tensor x = uniform("sn.f", {1, 32, 4, 4}) * 1e-3,
                   latent = uniform("sn.zq", {1, 4, 2, 2});
  expect_golden(norm(channels_last(x), latent, Activation::kNone, no_tap_),
                movqgan_golden()["special"]["conditional_norm"], kDoubleTolerance, "norm");
}

TEST_F(MovqganNorm, maps_on_the_latent_grid_equal_maps_at_full_size) {
  const Norm norm(exact_, "decoder.up.3.block.1.norm2", true);
  const Norm rounded(WeightReader(weights_, at::kFloat), "decoder.up.3.block.1.norm2", true);
  const at::Tensor latent = uniform("latent", {2, 4, 6, 5});
  for (const std::int64_t s : {1, 2, 4, 8}) {  // 8: several bands
    const at::Tensor x = channels_last(uniform("x", {2, 128, 6 * s, 5 * s}) * 3 + 0.5);
    const at::Tensor expected = reference("decoder.up.3.block.1.norm2", x, latent);
    EXPECT_LE(deviation(norm(x, latent, Activation::kNone, no_tap_), expected), 1e-12) << s;
    EXPECT_LE(deviation(norm(x, latent, Activation::kSilu, no_tap_), at::silu(expected)), 1e-12)
        << s;
    EXPECT_LE(
        deviation(rounded(x.to(at::kFloat), latent.to(at::kFloat), Activation::kSilu, no_tap_),
                  at::silu(expected)),
        5e-6)
        << s;
  }
}

TEST_F(MovqganNorm, plain_norm_equals_group_norm) {
  const Norm norm(exact_, "encoder.down.2.block.0.norm1", false);
  for (const std::int64_t side : {1, 7, 96}) {  // 96: several bands
    const at::Tensor x = channels_last(uniform("x", {2, 64, side, side + 1}) - 2);
    EXPECT_LE(deviation(norm(x, {}, Activation::kNone, no_tap_),
                        reference("encoder.down.2.block.0.norm1", x, {})),
              1e-11)
        << side;
  }
}

TEST_F(MovqganNorm, constant_channels_lose_nothing_in_float32) {
  const Norm norm(WeightReader(weights_, at::kFloat), "encoder.norm_out", false);
  at::Tensor x = at::full({1, 128, 4, 4}, 0.7f);
  x.index({0, 3, 1, 1}) += 1e-4;  // a variance near eps: P is in the hundreds
  const at::Tensor expected = reference("encoder.norm_out", x.to(at::kDouble), {});
  EXPECT_LE(deviation(norm(channels_last(x), {}, Activation::kNone, no_tap_), expected), 2e-6);
}

TEST_F(MovqganNorm, in_place_equals_out_of_place) {
  const Norm norm(WeightReader(weights_, at::kFloat), "decoder.norm_out", true);
  const at::Tensor latent = uniform("latent", {1, 4, 3, 2}).to(at::kFloat);
  at::Tensor x = channels_last(uniform("x", {1, 32, 12, 8}).to(at::kFloat));
  const at::Tensor before = x.clone();
  const at::Tensor expected = norm(x, latent, Activation::kSilu, no_tap_);
  EXPECT_TRUE(at::equal(x, before));
  const void* memory = x.data_ptr();
  norm.apply_(x, latent, Activation::kSilu, no_tap_);
  EXPECT_TRUE(at::equal(x, expected));
  EXPECT_EQ(x.data_ptr(), memory);
}

TEST_F(MovqganNorm, tap_sees_the_value_before_the_activation) {
  const Norm norm(exact_, "encoder.norm_out", false);
  const at::Tensor x = channels_last(uniform("x", {1, 128, 3, 3}));
  at::Tensor seen;
  norm(x, {}, Activation::kSilu, [&](const std::string& name, const at::Tensor& output) {
    EXPECT_EQ(name, "encoder.norm_out");
    seen = output.clone();
  });
  EXPECT_TRUE(at::equal(seen, norm(x, {}, Activation::kNone, no_tap_)));
}

TEST_F(MovqganNorm, bfloat16_is_rounded_once) {
  const Norm exact(WeightReader(weights_, at::kFloat), "decoder.norm_out", true);
  const Norm rounded(WeightReader(weights_, at::kBFloat16), "decoder.norm_out", true);
  const at::Tensor latent = uniform("latent", {1, 4, 3, 2}).to(at::kFloat);
  const at::Tensor x = channels_last(uniform("x", {1, 32, 6, 4}).to(at::kBFloat16));
  EXPECT_TRUE(
      at::equal(rounded(x, latent, Activation::kSilu, no_tap_),
                exact(x.to(at::kFloat), latent, Activation::kSilu, no_tap_).to(at::kBFloat16)));
}

TEST_F(MovqganNorm, statistics_do_not_depend_on_threads) {
  const at::Tensor x = channels_last(uniform("x", {2, 64, 40, 33}).to(at::kFloat) + 5);
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const auto [mean, variance] = vision::group_statistics(x, 32);
  at::set_num_threads(3);
  const auto [mean3, variance3] = vision::group_statistics(x, 32);
  at::set_num_threads(threads);
  EXPECT_TRUE(at::equal(mean, mean3));
  EXPECT_TRUE(at::equal(variance, variance3));
  const at::Tensor groups = x.to(at::kDouble).contiguous().view({2, 32, -1});
  EXPECT_LE(deviation(mean, groups.mean(2)), 1e-13);
  EXPECT_LE(deviation(variance, groups.var(2, /*unbiased=*/false)), 1e-12);
}

TEST_F(MovqganNorm, grid_that_does_not_divide_the_map_is_refused) {
  const Norm norm(exact_, "decoder.norm_out", true);
  expect_error(ErrorCode::kInternal, "decoder.norm_out", [&] {
    norm(channels_last(uniform("x", {1, 32, 6, 5})), uniform("z", {1, 4, 3, 2}), Activation::kNone,
         no_tap_);
  });
}

}  // namespace
}  // namespace lumina::testing
