#include "vision/code_patches.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <array>
#include <cmath>
#include <vector>

namespace lumina::vision {
namespace {

constexpr int kCells = 8;  // of the picture, along a side
constexpr int kCell = 32;  // pixels
constexpr int kSide = kCells * kCell;

// Of the mean variance of a codebook number: keeps the map small where the samples say nothing.
constexpr double kRidge = 1e-4;
constexpr double kSmallest = 1e-12;  // so that even a codebook of equal rows can be solved for

// Multiples of these, less their whole part, spread evenly over the cube: 1 / g, 1 / g^2, 1 / g^3,
// where g^4 = g + 1, as the golden ratio does it on a line.
constexpr std::array<double, 3> kSpread = {0.8191725133961645, 0.6710436067037893,
                                           0.5497004779019703};

// 0 .. 1
double lattice(int channel, int row, int column) {
  const double multiple = (row * (kCells + 1) + column + 1) * kSpread[channel];
  return multiple - std::floor(multiple);
}

// A lattice of colours with gradients in between; in every other cell edges, at odd places.
// [1, 3, 256, 256] in [-1, 1]
at::Tensor sample_picture() {
  std::vector<float> pixels;
  pixels.reserve(3 * kSide * kSide);
  for (int channel = 0; channel < 3; ++channel) {
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        const int row = y / kCell;
        const int column = x / kCell;
        double down = (y % kCell) / double{kCell};
        double right = (x % kCell) / double{kCell};
        if ((row + column) % 2 == 1) {
          down = down > 0.4 ? 1.0 : 0.0;
          right = right > 0.6 ? 1.0 : 0.0;
        }
        const double above =
            (1 - right) * lattice(channel, row, column) + right * lattice(channel, row, column + 1);
        const double below = (1 - right) * lattice(channel, row + 1, column) +
                             right * lattice(channel, row + 1, column + 1);
        pixels.push_back(static_cast<float>(2 * ((1 - down) * above + down * below) - 1));
      }
    }
  }
  return at::tensor(pixels).view({1, 3, kSide, kSide});
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
  const at::Tensor codes = movqgan.encode(sample_picture(), tap);  // [1, h, w]
  return fit_patches(movqgan.codebook(), codes[0], movqgan.decode(codes, tap)[0]);
}

}  // namespace lumina::vision
