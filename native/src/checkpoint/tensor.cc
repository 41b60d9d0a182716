#include "checkpoint/tensor.h"

#include <cstring>

#include "checkpoint/extents.h"
#include "lumina/status.h"

namespace lumina::checkpoint {
namespace {

struct DTypeFacts {
  std::size_t size;  // bytes of one element
  const char* name;
  bool floating;
};

const DTypeFacts& facts(DType dtype) {
  static const DTypeFacts kF64{8, "F64", true}, kF32{4, "F32", true}, kF16{2, "F16", true},
      kBF16{2, "BF16", true}, kI64{8, "I64", false}, kI32{4, "I32", false}, kI16{2, "I16", false},
      kI8{1, "I8", false}, kU8{1, "U8", false}, kBool{1, "BOOL", false};
  switch (dtype) {
    case DType::kFloat64: return kF64;
    case DType::kFloat32: return kF32;
    case DType::kFloat16: return kF16;
    case DType::kBFloat16: return kBF16;
    case DType::kInt64: return kI64;
    case DType::kInt32: return kI32;
    case DType::kInt16: return kI16;
    case DType::kInt8: return kI8;
    case DType::kUInt8: return kU8;
    case DType::kBool: return kBool;
  }
  throw Error(ErrorCode::kInternal, "unknown element type");
}

}  // namespace

std::size_t element_size(DType dtype) { return facts(dtype).size; }
const char* dtype_name(DType dtype) { return facts(dtype).name; }
bool is_floating(DType dtype) { return facts(dtype).floating; }

std::int64_t TensorView::numel() const { return lumina::checkpoint::numel(shape); }

bool TensorView::contiguous() const {
  if (numel() == 0) return true;
  std::int64_t expected = 1;
  for (std::size_t d = shape.size(); d-- > 0;) {
    if (shape[d] == 1) continue;  // the stride of a single element is never used
    if (strides[d] != expected) return false;
    expected *= shape[d];
  }
  return true;
}

bool TensorView::aligned() const {
  return reinterpret_cast<std::uintptr_t>(data) % element_size(dtype) == 0;
}

std::int64_t TensorView::reach() const {
  if (numel() == 0) return 0;
  std::int64_t last = 0;
  for (std::size_t d = 0; d < shape.size(); ++d) last += (shape[d] - 1) * strides[d];
  return last + 1;
}

TensorView aligned(const TensorView& view) {
  if (view.aligned()) return view;
  const auto bytes = static_cast<std::size_t>(view.reach()) * element_size(view.dtype);
  const auto words = std::make_shared<std::vector<std::uint64_t>>((bytes + 7) / 8);
  if (bytes > 0) std::memcpy(words->data(), view.data, bytes);
  TensorView copy = view;
  copy.data = words->data();
  copy.owner = words;
  copy.mapped = false;
  return copy;
}

std::int64_t total_elements(const std::vector<TensorSpec>& specs) {
  std::int64_t total = 0;
  for (const auto& spec : specs) total += numel(spec.shape);
  return total;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (d > 0) text += ", ";
    text += std::to_string(shape[d]);
  }
  return text + "]";
}

}  // namespace lumina::checkpoint
