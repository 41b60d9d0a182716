// A linear layer. The model only ever applies one; how its weight is stored is decided here.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "checkpoint/weight_set.h"

namespace lumina::model {

class Linear {
 public:
  // weight [out, in]; bias [out] or undefined, of the same element type.
  explicit Linear(at::Tensor weight, at::Tensor bias = {});

  // `name`.weight and, if asked for, `name`.bias, as `dtype`. A weight already stored that way
  // stays where it is: the layer reads the mapped file.
  static Linear load(const checkpoint::WeightSet& weights, const std::string& name, bool bias,
                     at::ScalarType dtype);

  // x [.., in] -> x Wᵀ + b [.., out], in x's element type, accumulated in fp32.
  at::Tensor operator()(const at::Tensor& x) const;

  // The layer that computes outputs first .. first + count - 1 only; shares the weight.
  Linear rows(std::int64_t first, std::int64_t count) const;

  std::int64_t in_features() const { return weight_.size(1); }
  std::int64_t out_features() const { return weight_.size(0); }

 private:
  at::Tensor weight_;
  at::Tensor bias_;
};

}  // namespace lumina::model
