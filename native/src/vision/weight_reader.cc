#include "vision/weight_reader.h"

#include <ATen/ATen.h>

#include "checkpoint/messages.h"
#include "device/tensors.h"

namespace lumina::vision {

at::Tensor WeightReader::read_as(const std::string& name, at::ScalarType dtype) const {
  const checkpoint::TensorView& view = weights_.get(name);
  at::Tensor tensor = device::to_tensor(view, dtype, device_);
  if (!all_finite(tensor)) {
    checkpoint::fail(view.file,
                     "tensor " + checkpoint::quoted(name) + " has a value that is not finite");
  }
  return tensor;
}

bool all_finite(const at::Tensor& tensor) {
  if (tensor.numel() == 0) return true;
  const auto [low, high] = at::aminmax(tensor);  // a NaN anywhere makes both NaN
  return std::isfinite(low.item<double>()) && std::isfinite(high.item<double>());
}

}  // namespace lumina::vision
