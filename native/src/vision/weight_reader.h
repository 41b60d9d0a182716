// Hands the weights of one network half to its modules, checked and in the right element type.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <string>

#include "checkpoint/weight_set.h"

namespace lumina::vision {

class WeightReader {
 public:
  // `compute`: element type of the convolutions. Everything that norms, softmax and the quantizer
  // need stays at least float32.
  WeightReader(const checkpoint::WeightSet& weights, at::ScalarType compute,
               at::Device device = at::kCPU)
      : weights_(weights), compute_(compute), device_(device) {}

  // Both throw Error(kCheckpoint) for a missing tensor or one with a NaN or an infinity.
  at::Tensor read(const std::string& name) const { return read_as(name, compute_); }
  at::Tensor read_wide(const std::string& name) const { return read_as(name, wide()); }

  at::ScalarType compute() const { return compute_; }
  at::ScalarType wide() const { return compute_ == at::kDouble ? at::kDouble : at::kFloat; }

 private:
  at::Tensor read_as(const std::string& name, at::ScalarType dtype) const;

  const checkpoint::WeightSet& weights_;
  at::ScalarType compute_;
  at::Device device_;
};

// Whether no element is NaN or infinite; without a temporary of the tensor's size.
bool all_finite(const at::Tensor& tensor);

}  // namespace lumina::vision
