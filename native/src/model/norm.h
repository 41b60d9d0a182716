// The two normalisations of the model (docs/spec/model.md 3.2, 3.3).
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "checkpoint/weight_set.h"
#include "model/rotary.h"
#include "model/storage.h"

namespace lumina::model {

// Over the last dimension, without mean or bias. Statistics in fp32; the normalised value is
// rounded to x's element type before it meets the weight.
class RmsNorm {
 public:
  RmsNorm(at::Tensor weight, double eps);  // weight [H]
  static RmsNorm load(const checkpoint::WeightSet& weights, const std::string& name, double eps,
                      const Storage& storage);

  at::Tensor operator()(const at::Tensor& x) const;  // [.., H] -> [.., H]
  at::Tensor plain(const at::Tensor& x) const;       // the same by ATen, step by step

 private:
  at::Tensor weight_;
  double eps_;
};

// LayerNorm of every query or key head over its d values, wholly in fp32. A checkpoint holds one
// affine vector per model-parallel rank, [mp, d]; rank r serves heads r*n/mp .. (r+1)*n/mp - 1.
class HeadNorm {
 public:
  HeadNorm(const at::Tensor& weight, const at::Tensor& bias, std::int64_t heads);
  static HeadNorm load(const checkpoint::WeightSet& weights, const std::string& name,
                       std::int64_t heads, at::Device device = at::kCPU);

  at::Tensor operator()(const at::Tensor& x) const;  // [.., heads, d] -> the same shape, fp32
  // Normalised and rotated in fp32, rounded once: x [B, T, heads, d] -> [B, heads, T, d] of x's
  // type.
  at::Tensor placed(const at::Tensor& x, const Rotation& rotation) const;

 private:
  at::Tensor weight_;  // [heads, d], fp32
  at::Tensor bias_;    // [heads, d], fp32
};

}  // namespace lumina::model
