// Vector quantization against the codebook (docs/spec/movqgan.md section 4).
#pragma once

#include <ATen/core/Tensor.h>

#include "vision/weight_reader.h"

namespace lumina::vision {

// Latent vectors whose distances to the whole codebook exist at a time (64 MB for 16384 codes).
constexpr std::int64_t kDistanceChunk = 1024;

class Quantizer {
 public:
  // The codebook is kept in the wide type: a distance in a shorter one picks other codes.
  explicit Quantizer(const WeightReader& reader);
  explicit Quantizer(at::Tensor codebook);  // [size, dim]

  // Index of the nearest row by Euclidean distance, the lowest on a tie.
  // z [B, dim, h, w], converted to the codebook's type -> int64 [B, h, w].
  at::Tensor nearest(const at::Tensor& z, std::int64_t chunk = kDistanceChunk) const;

  // Codebook rows: int64 [B, h, w], all in range -> [B, dim, h, w], channels-last.
  at::Tensor lookup(const at::Tensor& codes) const;

  std::int64_t size() const { return codebook_.size(0); }
  const at::Tensor& codebook() const { return codebook_; }  // [size, dim]

 private:
  at::Tensor codebook_;  // [size, dim]
  at::Tensor norms_;     // [size], squared lengths of the rows
};

}  // namespace lumina::vision
