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

at::Tensor to_tensor(const checkpoint::TensorView& stored, at::ScalarType dtype,
                     at::Device device) {
  const checkpoint::TensorView view = checkpoint::aligned(stored);
  auto owner = view.owner;
  at::Tensor tensor = at::from_blob(
      const_cast<void*>(view.data), view.shape, view.strides, [owner](void*) {},
      at::TensorOptions().dtype(scalar_type(view.dtype)));
  if (!device.is_cpu()) return tensor.to(device).to(dtype).contiguous();
  if (tensor.scalar_type() != dtype) return tensor.to(dtype).contiguous();
  return tensor.is_contiguous() ? tensor : tensor.contiguous();
}

}  // namespace lumina::device
