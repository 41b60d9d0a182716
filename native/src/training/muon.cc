#include "training/muon.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "kernels/cpu/isa.h"

namespace lumina::training {
namespace {

constexpr int kSteps = 5;
constexpr double kLinear = 3.4445, kCubic = -4.7750, kQuintic = 2.0315;
constexpr double kTiny = 1e-20;  // instead of the norm of all zeros

}  // namespace

at::Tensor orthogonalised(const at::Tensor& matrix) {
  const bool tall = matrix.size(0) > matrix.size(1);
  const double norm = std::max(matrix.norm().item<double>(), kTiny);
  // Without instructions for bf16, libtorch multiplies it in software: slower, and with less care.
  const bool short_numbers = kernels::isa() >= kernels::Isa::kAvx512;
  at::Tensor x = (matrix / norm).to(short_numbers ? at::kBFloat16 : at::kFloat);
  if (tall) x = x.t().contiguous();
  for (int step = 0; step < kSteps; ++step) {
    const at::Tensor gram = at::mm(x, x.t());
    const at::Tensor even = at::addmm(gram, gram, gram, kCubic, kQuintic);
    x = at::addmm(x, even, x, kLinear, 1.0);
  }
  return (tall ? x.t() : x).to(at::kFloat);
}

}  // namespace lumina::training
