// From the bytes of a checkpoint to tensors on a device.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <string>

#include "checkpoint/weight_set.h"

namespace lumina::device {

at::ScalarType scalar_type(checkpoint::DType dtype);

// A tensor over the view's memory when `dtype` already matches (no copy: a mapped page stays mapped
// and the tensor keeps the file open), else a converted copy, and a copy on another device. Treat
// the result as read-only.
at::Tensor to_tensor(const checkpoint::TensorView& view, at::ScalarType dtype,
                     at::Device device = at::kCPU);

}  // namespace lumina::device
