// What a weight file holds, without any tensor library: element types, views into mapped memory,
// and the names and shapes a model expects.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lumina::checkpoint {

enum class DType {
  kFloat64,
  kFloat32,
  kFloat16,
  kBFloat16,
  kInt64,
  kInt32,
  kInt16,
  kInt8,
  kUInt8,
  kBool
};

std::size_t element_size(DType dtype);
const char* dtype_name(DType dtype);  // as safetensors spells it: F32, BF16, ...
bool is_floating(DType dtype);

// One tensor in memory that somebody else owns: usually a page of a mapped file. Files of other
// programs may place it anywhere: read it where !aligned() by copying bytes.
struct TensorView {
  DType dtype = DType::kFloat32;
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> strides;  // in elements; row-major unless a .ckpt says otherwise
  const void* data = nullptr;         // the first element
  std::shared_ptr<const void> owner;  // keeps `data` alive
  std::string file;                   // for error messages
  bool mapped = false;                // `data` lies in a file mapped for reading

  std::int64_t numel() const;
  bool contiguous() const;
  bool aligned() const;        // `data` is a multiple of the element size
  std::int64_t reach() const;  // elements from the first to the last in memory, both included
};

// The view itself if it is aligned, else one of a copy in memory of its own.
TensorView aligned(const TensorView& view);

// A tensor that a model needs.
struct TensorSpec {
  std::string name;
  std::vector<std::int64_t> shape;
  std::optional<DType> dtype = std::nullopt;  // none: any floating type
};

// Elements of all of them together: the number of parameters.
std::int64_t total_elements(const std::vector<TensorSpec>& specs);

std::string shape_text(const std::vector<std::int64_t>& shape);  // "[3, 4]"

}  // namespace lumina::checkpoint
