#include "quant/format.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "quant/packed.h"

namespace lumina::quant {
namespace {

// Outputs of strip `index` of a tensor whose first dimension counts outputs.
at::Tensor strip_of(const at::Tensor& tensor, std::int64_t index) {
  const std::int64_t first = index * kernels::kStrip;
  return tensor.narrow(0, first, std::min<std::int64_t>(kernels::kStrip, tensor.size(0) - first));
}

}  // namespace

std::shared_ptr<const Weight> quantize(const at::Tensor& weight, const Format& format,
                                       bool round_activations) {
  const kernels::PackedLayout layout = format.layout(weight.size(0), weight.size(1));
  return std::make_shared<PackedWeight>(
      layout, round_activations, [&](std::int64_t index, std::uint8_t* strip) {
        const Parts parts = format.quantize(strip_of(weight, index));
        kernels::pack_strip(layout, format.plain(parts), strip);
      });
}

std::shared_ptr<const Weight> pack(const Parts& parts, const Format& format,
                                   bool round_activations) {
  const kernels::PackedLayout layout = format.layout(parts.front().size(0), format.inputs(parts));
  return std::make_shared<PackedWeight>(layout, round_activations,
                                        [&](std::int64_t index, std::uint8_t* strip) {
                                          Parts some;
                                          for (const at::Tensor& part : parts)
                                            some.push_back(strip_of(part, index).contiguous());
                                          kernels::pack_strip(layout, format.plain(some), strip);
                                        });
}

}  // namespace lumina::quant
