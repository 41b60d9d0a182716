// A linear layer. The model only ever applies one; how its weight is stored is decided here.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <vector>

#include "checkpoint/weight_set.h"
#include "model/storage.h"
#include "quant/weight.h"

namespace lumina::model {

class Linear {
 public:
  // weight [out, in]; bias [out] or undefined, of the same element type.
  explicit Linear(at::Tensor weight, at::Tensor bias = {});

  // `name`.weight, plain or quantised before, and, if asked for, `name`.bias. A weight already
  // stored as it is to be held stays where it is: the layer reads the mapped file. Throws
  // Error(kCheckpoint) for weights that cannot be quantised.
  static Linear load(const checkpoint::WeightSet& weights, const std::string& name, bool bias,
                     const Storage& storage);

  // Outputs first .. first + count - 1 of the plain matrix stored as `tensor`, quantised, without a
  // bias. Throws Error(kCheckpoint) for weights that cannot be quantised.
  static Linear quantized_rows(const checkpoint::WeightSet& weights, const std::string& tensor,
                               const quant::Format& format, const Storage& storage,
                               std::int64_t first, std::int64_t count);

  // x [.., in] -> x Wᵀ + b [.., out], in x's element type, accumulated in fp32.
  at::Tensor operator()(const at::Tensor& x) const;

  // The outputs of several layers for the same inputs, number for number those of each alone, in
  // less time.
  static std::vector<at::Tensor> together(const at::Tensor& x,
                                          const std::vector<const Linear*>& layers);

  // The layer that computes outputs first .. first + count - 1 only; shares the weight.
  Linear rows(std::int64_t first, std::int64_t count) const;

  std::int64_t in_features() const { return weight_->in_features(); }
  std::int64_t out_features() const { return count_; }

 private:
  Linear(std::shared_ptr<const quant::Weight> weight, at::Tensor bias, std::int64_t first,
         std::int64_t count);

  std::shared_ptr<const quant::Weight> weight_;
  at::Tensor bias_;  // [count] or undefined
  std::int64_t first_;
  std::int64_t count_;
};

}  // namespace lumina::model
