#include "device/tensors.h"

#include <ATen/ATen.h>

#include "lumina/status.h"

namespace lumina::device {

at::ScalarType scalar_type(checkpoint::DType dtype) {
  using checkpoint::DType;
  switch (dtype) {
    case DType::kFloat64: return at::kDouble;
    case DType::kFloat32: return at::kFloat;
    case DType::kFloat16: return at::kHalf;
    case DType::kBFloat16: return at::kBFloat16;
    case DType::kInt64: return at::kLong;
    case DType::kInt32: return at::kInt;
    case DType::kInt16: return at::kShort;
    case DType::kInt8: return at::kChar;
    case DType::kUInt8: return at::kByte;
    case DType::kBool: return at::kBool;
  }
  throw Error(ErrorCode::kInternal, "unknown element type");
}

at::Tensor to_tensor(const checkpoint::TensorView& view, at::ScalarType dtype) {
  auto owner = view.owner;
  at::Tensor tensor = at::from_blob(
      const_cast<void*>(view.data), view.shape, view.strides, [owner](void*) {},
      at::TensorOptions().dtype(scalar_type(view.dtype)));
  if (tensor.scalar_type() != dtype) return tensor.to(dtype).contiguous();
  return tensor.is_contiguous() ? tensor : tensor.contiguous();
}

at::Device tensor_device(const std::string& name) {
  if (name == "cpu") return at::kCPU;
  int index = 0;
  if (name.compare(0, 5, "cuda:") == 0 && name.size() > 5 && name.size() < 8 &&
      name.find_first_not_of("0123456789", 5) == std::string::npos) {
    index = std::stoi(name.substr(5));
  } else if (name != "cuda") {
    throw Error(ErrorCode::kInvalidArgument, "unknown device '" + name + "'; known: cpu, cuda");
  }
  const auto count = static_cast<int>(at::hasCUDA() ? at::getNumGPUs() : 0);
  if (index >= count) {
    throw Error(ErrorCode::kDevice, "device " + name + ": libtorch sees " + std::to_string(count) +
                                        " CUDA devices; use --device cpu");
  }
  return at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(index));
}

}  // namespace lumina::device
