#include "quant/dense.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "kernels/cpu/linear.h"

namespace lumina::quant {

namespace {

// Weights that a thread should at least have to read, for its start to be worth while.
constexpr std::int64_t kWeightsPerThread = 1 << 18;

bool suits_kernel(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  const at::ScalarType dtype = weight.scalar_type();
  return kernels::has_avx512() && x.numel() <= kernels::kMaxLinearRows * weight.size(1) &&
         x.numel() > 0 && weight.is_cpu() && weight.is_contiguous() && x.scalar_type() == dtype &&
         (dtype == at::kFloat || dtype == at::kBFloat16) &&
         (!bias.defined() || bias.is_contiguous());
}

// ATen's products read the weights of so few rows at a fraction of what memory delivers.
at::Tensor few_rows(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  const at::Tensor wide = x.to(at::kFloat).contiguous();
  const at::Tensor wide_bias = bias.defined() ? bias.to(at::kFloat) : bias;
  std::vector<std::int64_t> shape = x.sizes().vec();
  shape.back() = weight.size(0);
  const at::Tensor y = at::empty(shape, at::kFloat);

  kernels::LinearArguments arguments;
  arguments.x = wide.const_data_ptr<float>();
  arguments.rows = wide.numel() / weight.size(1);
  arguments.in = weight.size(1);
  arguments.weight = weight.const_data_ptr();
  arguments.element = weight.scalar_type() == at::kBFloat16 ? kernels::Element::kBFloat16
                                                            : kernels::Element::kFloat32;
  arguments.bias = wide_bias.defined() ? wide_bias.const_data_ptr<float>() : nullptr;
  arguments.y = y.data_ptr<float>();
  arguments.out = weight.size(0);
  const std::int64_t grain = std::max<std::int64_t>(1, kWeightsPerThread / arguments.in);
  at::parallel_for(0, arguments.out, grain, [&](std::int64_t first, std::int64_t last) {
    kernels::linear(arguments, first, last);
  });
  return y.to(x.scalar_type());
}

}  // namespace

DenseWeight::DenseWeight(at::Tensor weight) : weight_(std::move(weight)) {}

at::Tensor DenseWeight::product(const at::Tensor& x, const at::Tensor& bias, std::int64_t first,
                                std::int64_t count) const {
  const at::Tensor weight = weight_.narrow(0, first, count);
  if (suits_kernel(x, weight, bias)) return few_rows(x, weight, bias);
  return at::linear(x, weight, bias);
}

}  // namespace lumina::quant
