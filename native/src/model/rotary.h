// Rotary position embedding, half-split convention, with both scalings (docs/spec/model.md 3.4).
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "checkpoint/model_config.h"

namespace lumina::model {

// Rotation of a window: [B, T, 1, d/2] each, fp32. In bf16 runs the values are those of bf16, as in
// the reference, which computes them in fp32 and then rounds.
struct Rotation {
  at::Tensor cos;
  at::Tensor sin;

  Rotation narrow(std::int64_t first, std::int64_t count) const;  // along T
  Rotation to(at::Device device) const { return {cos.to(device), sin.to(device)}; }
};

class Rotary {
 public:
  explicit Rotary(const checkpoint::ModelConfig& config);

  // Row b holds positions starts[b] .. starts[b] + length - 1. Dynamic scaling follows each row's
  // own last position; keys already in a cache keep the rotation they were stored with, as in the
  // reference.
  Rotation at(const std::vector<std::int64_t>& starts, std::int64_t length,
              at::ScalarType dtype) const;

 private:
  at::Tensor angles(std::int64_t start, std::int64_t length) const;  // [length, d/2], fp32

  std::int64_t head_dim_;
  std::int64_t max_positions_;
  double theta_;
  checkpoint::RopeScaling scaling_;
  at::Tensor inv_freq_;  // [d/2], fp32
};

// x [B, T, n, d], fp32 -> rotated, fp32.
at::Tensor rotate(const at::Tensor& x, const Rotation& rotation);

}  // namespace lumina::model
