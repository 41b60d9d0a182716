#include "quant/dense.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "device/products.h"
#include "kernels/cpu/isa.h"
#include "kernels/cpu/linear.h"
#include "kernels/cpu/linear_bf16.h"

namespace lumina::quant {

namespace {

// Weights that a thread should at least have to read, for its start to be worth while.
constexpr std::int64_t kWeightsPerThread = 1 << 18;
// Rows that make as much work of a weight that is near as reading it does: for dot products, and
// for tiles.
constexpr std::int64_t kRowsPerRead = 4;
constexpr std::int64_t kTileRowsPerRead = 32;

bool on_cpu_kernels(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  return x.numel() > 0 && weight.is_cpu() && weight.is_contiguous() &&
         x.scalar_type() == weight.scalar_type() && (!bias.defined() || bias.is_contiguous());
}

std::int64_t rows_of(const at::Tensor& x) { return x.numel() / x.size(-1); }

bool suits_fp32_kernel(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  return kernels::has_avx512() && on_cpu_kernels(x, weight, bias) &&
         rows_of(x) <= kernels::kMaxLinearRows &&
         (weight.scalar_type() == at::kFloat || weight.scalar_type() == at::kBFloat16);
}

bool suits_bf16_kernel(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  return kernels::has_bf16_products() && on_cpu_kernels(x, weight, bias) &&
         rows_of(x) <= kernels::kMaxBf16Rows && weight.scalar_type() == at::kBFloat16;
}

at::Tensor empty_product(const at::Tensor& x, std::int64_t out, at::ScalarType dtype) {
  std::vector<std::int64_t> shape = x.sizes().vec();
  shape.back() = out;
  return at::empty(shape, dtype);
}

// ATen's products read the weights of so few rows at a fraction of what memory delivers.
at::Tensor few_rows(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  const at::Tensor wide = x.to(at::kFloat).contiguous();
  const at::Tensor wide_bias = bias.defined() ? bias.to(at::kFloat) : bias;
  const at::Tensor y = empty_product(x, weight.size(0), at::kFloat);

  kernels::LinearArguments arguments;
  arguments.x = wide.const_data_ptr<float>();
  arguments.rows = rows_of(x);
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

const std::uint16_t* bf16_data(const at::Tensor& tensor) {
  return static_cast<const std::uint16_t*>(tensor.const_data_ptr());
}

// Blocks of kBf16Outputs outputs.
std::int64_t blocks_of(const kernels::Bf16LinearArguments& product) {
  return (product.out + kernels::kBf16Outputs - 1) / kernels::kBf16Outputs;
}

// One start of the threads for all products, each thread the same number of blocks.
void multiply_all(const std::vector<kernels::Bf16LinearArguments>& products) {
  std::int64_t blocks = 0;
  for (const auto& product : products) blocks += blocks_of(product);
  const std::int64_t weights_per_block = products.front().in * kernels::kBf16Outputs;
  const std::int64_t rows_per_read =
      kernels::isa() >= kernels::Isa::kAmxBf16 ? kTileRowsPerRead : kRowsPerRead;
  const std::int64_t work =
      weights_per_block * std::max<std::int64_t>(1, products.front().rows / rows_per_read);
  const std::int64_t grain = std::max<std::int64_t>(1, kWeightsPerThread / work);
  at::parallel_for(0, blocks, grain, [&](std::int64_t begin, std::int64_t end) {
    std::int64_t first = 0;  // block of this product
    for (const auto& product : products) {
      const std::int64_t count = blocks_of(product);
      const std::int64_t from = std::max(begin - first, std::int64_t{0});
      const std::int64_t to = std::min(end - first, count);
      if (from < to) {
        kernels::linear_bf16(product, from * kernels::kBf16Outputs,
                             std::min(to * kernels::kBf16Outputs, product.out));
      }
      first += count;
    }
  });
}

// The products of x with each of `weights`, all of which suit the kernel.
std::vector<at::Tensor> bf16_products(const at::Tensor& x, const std::vector<at::Tensor>& weights,
                                      const std::vector<at::Tensor>& biases) {
  const at::Tensor dense = x.contiguous();
  const std::int64_t rows = rows_of(x), in = x.size(-1);
  // Each thread keeps one, so that no step allocates.
  thread_local std::vector<std::uint16_t> columns;
  if (kernels::needs_arranging(rows)) {
    columns.resize(kernels::arranged_size(rows, in));
    kernels::arrange(bf16_data(dense), rows, in, columns.data());
  }
  std::vector<at::Tensor> results;
  std::vector<at::Tensor> wide_biases;
  std::vector<kernels::Bf16LinearArguments> all;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    results.push_back(empty_product(x, weights[i].size(0), at::kBFloat16));
    wide_biases.push_back(biases[i].defined() ? biases[i].to(at::kFloat) : biases[i]);
    kernels::Bf16LinearArguments arguments;
    arguments.x = bf16_data(dense);
    arguments.columns = columns.data();
    arguments.rows = rows;
    arguments.in = in;
    arguments.weight = bf16_data(weights[i]);
    arguments.bias = wide_biases[i].defined() ? wide_biases[i].const_data_ptr<float>() : nullptr;
    arguments.y = static_cast<std::uint16_t*>(results[i].data_ptr());
    arguments.out = weights[i].size(0);
    all.push_back(arguments);
  }
  multiply_all(all);
  return results;
}

}  // namespace

DenseWeight::DenseWeight(at::Tensor weight) : weight_(std::move(weight)) {}

at::Tensor DenseWeight::rows(std::int64_t first, std::int64_t count) const {
  return weight_.narrow(0, first, count);
}

at::Tensor DenseWeight::product(const at::Tensor& x, const at::Tensor& bias, std::int64_t first,
                                std::int64_t count) const {
  const at::Tensor weight = rows(first, count);
  if (suits_bf16_kernel(x, weight, bias)) return bf16_products(x, {weight}, {bias}).front();
  if (suits_fp32_kernel(x, weight, bias)) return few_rows(x, weight, bias);
  return device::linear(x, weight, bias);
}

std::vector<at::Tensor> dense_products(const at::Tensor& x, const std::vector<Factor>& factors,
                                       const std::vector<const DenseWeight*>& dense) {
  std::vector<at::Tensor> weights;
  std::vector<at::Tensor> biases;
  bool together = true;
  for (std::size_t i = 0; i < factors.size(); ++i) {
    weights.push_back(dense[i]->rows(factors[i].first, factors[i].count));
    biases.push_back(factors[i].bias);
    together = together && suits_bf16_kernel(x, weights[i], biases[i]);
  }
  if (together) return bf16_products(x, weights, biases);
  std::vector<at::Tensor> results;
  for (std::size_t i = 0; i < factors.size(); ++i) {
    results.push_back(dense[i]->product(x, biases[i], factors[i].first, factors[i].count));
  }
  return results;
}

}  // namespace lumina::quant
