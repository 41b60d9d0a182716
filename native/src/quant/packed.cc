#include "quant/packed.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "kernels/cpu/packed_product.h"
#include "lumina/status.h"

namespace lumina::quant {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
// Bytes of weights that a thread should at least have to read, for its start to be worth while.
constexpr std::int64_t kBytesPerThread = 1 << 17;

std::shared_ptr<std::uint8_t> allocate(std::size_t bytes) {
  const std::size_t alignment = bytes >= kHugePage ? kHugePage : 64;
  const std::size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  auto* data = static_cast<std::uint8_t*>(std::aligned_alloc(alignment, rounded));
  if (data == nullptr) throw Error(ErrorCode::kOutOfMemory, "out of memory for packed weights");
  // Larger pages spare the reading of page tables; a system that has none declines.
  if (alignment == kHugePage) ::madvise(data, rounded, MADV_HUGEPAGE);
  return std::shared_ptr<std::uint8_t>(data, &std::free);
}

std::int64_t first_strip(const kernels::ProductArguments& product) {
  return product.first / kernels::kStrip;
}

// How many strips hold the outputs that are wanted.
std::int64_t strips_of(const kernels::ProductArguments& product) {
  return (product.last + kernels::kStrip - 1) / kernels::kStrip - first_strip(product);
}

// One start of the threads for all products, which read `bytes` of weights. Each thread takes its
// share of every weight, the part that it wrote when the weight was made.
void multiply_all(const std::vector<kernels::ProductArguments>& products, std::int64_t bytes) {
  const std::int64_t shares =
      std::clamp<std::int64_t>(bytes / kBytesPerThread, 1, at::get_num_threads());
  at::parallel_for(0, shares, 1, [&](std::int64_t begin, std::int64_t end) {
    for (const kernels::ProductArguments& product : products) {
      const std::int64_t share = (strips_of(product) + shares - 1) / shares;
      const std::int64_t first = first_strip(product);
      kernels::multiply(product, first + begin * share, first + end * share);
    }
  });
}

}  // namespace

PackedWeight::PackedWeight(const kernels::PackedLayout& layout, bool rounded,
                           const std::function<void(std::int64_t index, std::uint8_t* strip)>& fill)
    : layout_(layout), rounded_(rounded), strips_(allocate(layout.bytes())) {
  // The thread that writes a strip is the one that will read it, so its memory lies near.
  at::parallel_for(0, layout.strips(), 1, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) fill(i, strips_.get() + i * layout.strip_bytes());
  });
}

at::Tensor PackedWeight::product(const at::Tensor& x, const at::Tensor& bias, std::int64_t first,
                                 std::int64_t count) const {
  return packed_products(x, {Factor{this, bias, first, count}}, {this}).front();
}

bool PackedWeight::shares_inputs(const PackedWeight& other) const {
  return layout_.in == other.layout_.in && layout_.group == other.layout_.group &&
         rounded_ == other.rounded_;
}

std::vector<at::Tensor> packed_products(const at::Tensor& x, const std::vector<Factor>& factors,
                                        const std::vector<const PackedWeight*>& weights) {
  const kernels::PackedLayout& inputs = weights.front()->layout_;
  const bool bf16 = x.scalar_type() == at::kBFloat16;
  const at::Tensor dense = (bf16 ? x : x.to(at::kFloat)).contiguous();
  const std::int64_t rows = dense.numel() / inputs.in;
  // Each thread keeps one, so that no step allocates.
  thread_local kernels::Activations activations;
  if (bf16) {
    kernels::prepare(static_cast<const std::uint16_t*>(dense.const_data_ptr()), rows, inputs,
                     weights.front()->rounded_, activations);
  } else {
    kernels::prepare(dense.const_data_ptr<float>(), rows, inputs, weights.front()->rounded_,
                     activations);
  }

  std::vector<at::Tensor> results;
  std::vector<at::Tensor> biases;
  std::vector<kernels::ProductArguments> all;
  std::int64_t bytes = 0;
  for (std::size_t i = 0; i < factors.size(); ++i) {
    const Factor& factor = factors[i];
    std::vector<std::int64_t> shape = x.sizes().vec();
    shape.back() = factor.count;
    results.push_back(at::empty(shape, dense.options()));
    biases.push_back(factor.bias.defined() ? factor.bias.to(at::kFloat).contiguous()
                                           : at::Tensor());
    kernels::ProductArguments arguments;
    arguments.layout = weights[i]->layout_;
    arguments.weight = weights[i]->strips_.get();
    arguments.x = &activations;
    arguments.first = factor.first;
    arguments.last = factor.first + factor.count;
    arguments.bias = biases[i].defined() ? biases[i].const_data_ptr<float>() : nullptr;
    arguments.y = results[i].data_ptr();
    arguments.element = bf16 ? kernels::Element::kBFloat16 : kernels::Element::kFloat32;
    all.push_back(arguments);
    bytes += strips_of(arguments) * arguments.layout.strip_bytes();
  }
  if (rows > 0) multiply_all(all, bytes);
  if (!bf16 && x.scalar_type() != at::kFloat) {
    for (at::Tensor& result : results) result = result.to(x.scalar_type());
  }
  return results;
}

}  // namespace lumina::quant
