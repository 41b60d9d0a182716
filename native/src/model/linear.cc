#include "model/linear.h"

#include <ATen/ATen.h>

#include <utility>

#include "device/tensors.h"

namespace lumina::model {

Linear::Linear(at::Tensor weight, at::Tensor bias)
    : weight_(std::move(weight)), bias_(std::move(bias)) {}

Linear Linear::load(const checkpoint::WeightSet& weights, const std::string& name, bool bias,
                    at::ScalarType dtype) {
  at::Tensor b;
  if (bias) b = device::to_tensor(weights.get(name + ".bias"), dtype);
  return Linear(device::to_tensor(weights.get(name + ".weight"), dtype), std::move(b));
}

at::Tensor Linear::operator()(const at::Tensor& x) const { return at::linear(x, weight_, bias_); }

Linear Linear::rows(std::int64_t first, std::int64_t count) const {
  return Linear(weight_.narrow(0, first, count),
                bias_.defined() ? bias_.narrow(0, first, count) : bias_);
}

}  // namespace lumina::model
