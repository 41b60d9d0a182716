#include "device/products.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <vector>

#include "device/blas_threads.h"

namespace lumina::device {
namespace {

// Multiplications that are worth the start of a thread.
constexpr std::int64_t kWorkPerThread = 1 << 19;

// y = x wᵀ + bias of matrices, on this thread.
void multiply(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, at::Tensor y) {
  if (bias.defined()) {
    at::addmm_out(y, bias, x, weight.t());
  } else {
    at::mm_out(y, x, weight.t());
  }
}

}  // namespace

at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  if (!x.is_cpu() || x.scalar_type() != at::kFloat || weight.scalar_type() != at::kFloat ||
      x.numel() == 0) {
    return at::linear(x, weight, bias);
  }
  const at::Tensor rows = x.reshape({-1, x.size(-1)});
  const std::int64_t count = rows.size(0), in = weight.size(1), out = weight.size(0);
  std::vector<std::int64_t> shape = x.sizes().vec();
  shape.back() = out;
  const at::Tensor y = at::empty({count, out}, x.options());
  const SingleThreadedBlas single;
  const bool by_rows = count >= out;
  const std::int64_t grain =
      std::max<std::int64_t>(1, kWorkPerThread / (in * (by_rows ? out : count)));
  const bool inference = c10::InferenceMode::is_enabled();
  at::parallel_for(0, by_rows ? count : out, grain, [&](std::int64_t begin, std::int64_t end) {
    const c10::InferenceMode mode(inference);  // each thread has its own
    const std::int64_t length = end - begin;
    if (by_rows) {
      multiply(rows.narrow(0, begin, length), weight, bias, y.narrow(0, begin, length));
    } else {
      multiply(rows, weight.narrow(0, begin, length),
               bias.defined() ? bias.narrow(0, begin, length) : bias, y.narrow(1, begin, length));
    }
  });
  return y.view(shape);
}

}  // namespace lumina::device
