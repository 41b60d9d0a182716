#include "vision/quantizer.h"

#include <ATen/ATen.h>

#include "device/products.h"

namespace lumina::vision {

Quantizer::Quantizer(const WeightReader& reader)
    : Quantizer(reader.read_wide("quantize.embedding.weight")) {}

Quantizer::Quantizer(at::Tensor codebook)
    : codebook_(std::move(codebook)), norms_((codebook_ * codebook_).sum(1)) {}

at::Tensor Quantizer::nearest(const at::Tensor& z, std::int64_t chunk) const {
  const at::Tensor pixels = z.to(codebook_.scalar_type()).permute({0, 2, 3, 1}).contiguous();
  const at::Tensor rows = pixels.view({-1, codebook_.size(1)});  // [B * h * w, dim]
  at::Tensor codes = at::empty({rows.size(0)}, rows.options().dtype(at::kLong));
  for (std::int64_t begin = 0; begin < rows.size(0); begin += chunk) {
    const at::Tensor part = rows.narrow(0, begin, std::min(chunk, rows.size(0) - begin));
    // |z|^2 + |e|^2 - 2 z.e, associated as the reference does it: [chunk, size].
    at::Tensor distance = (part * part).sum(1, /*keepdim=*/true) + norms_;
    distance.sub_(device::linear(part, codebook_), 2);
    codes.narrow(0, begin, part.size(0)).copy_(at::argmin(distance, 1));
  }
  return codes.view({z.size(0), z.size(2), z.size(3)});
}

at::Tensor Quantizer::lookup(const at::Tensor& codes) const {
  return codebook_.index_select(0, codes.reshape({-1}))
      .view({codes.size(0), codes.size(1), codes.size(2), codebook_.size(1)})
      .permute({0, 3, 1, 2});
}

}  // namespace lumina::vision
