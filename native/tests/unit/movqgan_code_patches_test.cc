// The rough pictures of single codes that previews are put together from.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "support/movqgan.h"
#include "vision/code_patches.h"

namespace lumina::vision {
namespace {

constexpr std::int64_t kCodes = 40;

at::Tensor numbers(at::IntArrayRef shape, double step) {
  std::int64_t count = 1;
  for (const auto size : shape) count *= size;
  return at::arange(count, at::kDouble).square().mul(step).sin().view(shape);
}

// [3, kCodes * 8, 8] -> [kCodes, 192]
at::Tensor one_by_one(const at::Tensor& column) {
  return column.view({3, kCodes, 8, 8}).transpose(0, 1).reshape({kCodes, 192});
}

TEST(CodePatches, ALinearDecoderIsFoundOut) {
  const at::Tensor codebook = numbers({kCodes, 4}, 0.7);
  const at::Tensor map = numbers({4, 192}, 1.3);
  const at::Tensor shift = numbers({1, 192}, 0.2);
  const at::Tensor patches = at::add(codebook.mm(map), shift);  // [K, P]
  // Half of the codes occur, each several times.
  const at::Tensor codes = at::arange(60, at::kLong).remainder(kCodes / 2).view({6, 10});
  const at::Tensor picture = patches.index_select(0, codes.view({-1}))
                                 .view({6, 10, 3, 8, 8})
                                 .permute({2, 0, 3, 1, 4})
                                 .reshape({3, 48, 80});
  const at::Tensor fitted = fit_patches(codebook, codes, picture);
  ASSERT_EQ(fitted.sizes(), (at::IntArrayRef{3, kCodes * 8, 8}));
  const double worst = (one_by_one(fitted) - patches).abs().max().item<double>();
  EXPECT_LT(worst, 0.01);
}

TEST(CodePatches, OneCodeEverywhereIsItsMean) {
  const at::Tensor codebook = numbers({kCodes, 4}, 0.7);
  const at::Tensor codes = at::zeros({2, 2}, at::kLong);
  const at::Tensor fitted = fit_patches(codebook, codes, at::full({3, 16, 16}, 0.25));
  EXPECT_LT((fitted - 0.25).abs().max().item<double>(), 1e-6);
}

TEST(CodePatches, ANetworkHasAPatchForEachCodeAlwaysTheSame) {
  const Movqgan network(lumina::testing::movqgan_weights(movqgan_tiny()));
  const at::Tensor patches = code_patches(network);
  ASSERT_EQ(patches.sizes(), (at::IntArrayRef{3, 64 * 8, 8}));
  EXPECT_TRUE(at::isfinite(patches).all().item<bool>());
  EXPECT_TRUE(at::equal(patches, code_patches(network)));
}

TEST(CodePatches, TheyStopBetweenStages) {
  const Movqgan network(lumina::testing::movqgan_weights(movqgan_tiny()));
  int stages = 0;
  const auto stop = Tap::between_stages([&] {
    if (++stages == 3) throw stages;
  });
  EXPECT_THROW(code_patches(network, stop), int);
  EXPECT_EQ(stages, 3);
}

}  // namespace
}  // namespace lumina::vision
