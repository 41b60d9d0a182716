// Pictures to train an image tokenizer on: a safetensors file with `pixels` uint8 [n, H, W, 3] and
// in its metadata `panels`: 2 if upper and lower half are encoded apart and decoded together, as
// generation with a given half does.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "checkpoint/tensor.h"

namespace lumina::training {

class PixelRecords {
 public:
  // Maps the file. Throws Error(kCheckpoint) if it is none of this kind, or its pictures' panels
  // are not multiples of 8 high and wide.
  explicit PixelRecords(const std::string& path);

  std::int64_t count() const { return pixels_.shape[0]; }
  std::int64_t height() const { return pixels_.shape[1]; }
  std::int64_t width() const { return pixels_.shape[2]; }
  int panels() const { return panels_; }

  // The pictures at `indices` as network input [B, 3, H, W] fp32 in [-1, 1].
  at::Tensor batch(const std::vector<std::int64_t>& indices) const;

 private:
  checkpoint::TensorView pixels_;
  int panels_ = 1;
};

}  // namespace lumina::training
