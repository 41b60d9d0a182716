#include "quant/rounding.h"

#include <ATen/ATen.h>

namespace lumina::quant {

at::Tensor half_quadratic_offset(const at::Tensor& weight, const at::Tensor& scale,
                                 const at::Tensor& offset, int levels) {
  // The values of the published method.
  constexpr int kRounds = 20;
  constexpr double kNorm = 0.7;
  constexpr double kGrowth = 1.01;
  double beta = 10.0;

  at::Tensor present = offset;
  at::Tensor best = offset;
  at::Tensor best_error;  // [.., 1]
  at::Tensor searching;   // [.., 1]: a group is done with the first round that does not help it
  for (int round = 0; round <= kRounds; ++round) {
    const at::Tensor steps = at::round((weight - present) / scale).clamp_(0, levels).mul_(scale);
    const at::Tensor error = weight - steps - present;
    const at::Tensor size = error.abs();
    const at::Tensor mean = size.mean(-1, /*keepdim=*/true);
    if (best_error.defined()) {
      searching = searching.logical_and(mean < best_error);
      if (!searching.any().item<bool>()) break;
      best = at::where(searching, present, best);
      best_error = at::where(searching, mean, best_error);
    } else {
      best_error = mean;
      searching = at::ones_like(mean, at::kBool);
    }
    // What is left of each error after the shrinkage that belongs to the norm.
    const at::Tensor tolerated = at::relu(size - size.pow(kNorm - 1.0) / beta) * error.sign();
    present = (weight - tolerated - steps).mean(-1, /*keepdim=*/true);
    beta *= kGrowth;
  }
  return best;
}

}  // namespace lumina::quant
