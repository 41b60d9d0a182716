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
  const at::Tensor wide = x.to(at::kFloat).contiguous();
  const at::Tensor wide_bias = bias.defined() ? bias.to(at::kFloat).contiguous() : bias;
  std::vector<std::int64_t> shape = x.sizes().vec();
  shape.back() = count;
  const at::Tensor y = at::empty(shape, at::kFloat);
  if (y.numel() == 0) return y.to(x.scalar_type());

  // Each thread keeps one, so that no step allocates.
  thread_local kernels::Activations activations;
  kernels::prepare(wide.const_data_ptr<float>(), wide.numel() / layout_.in, layout_, rounded_,
                   activations);
  kernels::ProductArguments arguments;
  arguments.layout = layout_;
  arguments.weight = strips_.get();
  arguments.x = &activations;
  arguments.first = first;
  arguments.last = first + count;
  arguments.bias = wide_bias.defined() ? wide_bias.const_data_ptr<float>() : nullptr;
  arguments.y = y.data_ptr<float>();
  const std::int64_t begin = first / kernels::kStrip;
  const std::int64_t end = (first + count + kernels::kStrip - 1) / kernels::kStrip;
  const std::int64_t grain = std::max<std::int64_t>(1, kBytesPerThread / layout_.strip_bytes());
  at::parallel_for(begin, end, grain, [&](std::int64_t from, std::int64_t to) {
    kernels::multiply(arguments, from, to);
  });
  return y.to(x.scalar_type());
}

}  // namespace lumina::quant
