#include "vision/code_patches.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <cstdint>

namespace lumina::vision {
namespace {

constexpr std::int64_t kBlocks = 8;  // of the sheet, along a side
constexpr std::int64_t kBlock = 4;   // codes along a side, all the same

// Of the mean variance of a codebook number: keeps the map small where the samples say nothing.
constexpr double kRidge = 1e-4;
constexpr double kSmallest = 1e-12;  // so that even a codebook of equal rows can be solved for

// Codes from all over the codebook, a block of each: [1, 32, 32] int64.
at::Tensor sheet(std::int64_t codebook_size) {
  return at::arange(kBlocks * kBlocks, at::kLong)
      .mul(codebook_size)
      .floor_divide(kBlocks * kBlocks)
      .view({1, kBlocks, kBlocks})
      .repeat_interleave(kBlock, 1)
      .repeat_interleave(kBlock, 2);
}

}  // namespace

at::Tensor fit_patches(const at::Tensor& codebook, const at::Tensor& codes,
                       const at::Tensor& picture) {
  const std::int64_t height = codes.size(0);
  const std::int64_t width = codes.size(1);
  const std::int64_t side = picture.size(1) / height;
  const at::Tensor rows = codebook.to(at::kDouble);                    // [K, D]
  const at::Tensor given = rows.index_select(0, codes.reshape({-1}));  // [N, D]
  const at::Tensor wanted = picture.to(at::kDouble)
                                .reshape({3, height, side, width, side})
                                .permute({1, 3, 0, 2, 4})
                                .reshape({height * width, 3 * side * side});  // [N, P]
  const at::Tensor given_mean = given.mean(0, /*keepdim=*/true);
  const at::Tensor wanted_mean = wanted.mean(0, /*keepdim=*/true);
  const at::Tensor centred = given - given_mean;
  at::Tensor gram = centred.t().mm(centred);  // [D, D]
  const double scale = gram.diagonal().mean().item<double>();
  gram.diagonal().add_(kRidge * scale + kSmallest);
  const at::Tensor map = at::linalg_solve(gram, centred.t().mm(wanted - wanted_mean));  // [D, P]
  return at::add((rows - given_mean).mm(map), wanted_mean)
      .view({-1, 3, side, side})
      .transpose(0, 1)
      .reshape({3, -1, side});
}

at::Tensor code_patches(const Movqgan& movqgan, const Tap& tap) {
  const c10::InferenceMode inference;
  const at::Tensor codes = sheet(movqgan.config().codebook_size);
  return fit_patches(movqgan.codebook().cpu(), codes[0], movqgan.decode(codes, tap)[0]);
}

}  // namespace lumina::vision
