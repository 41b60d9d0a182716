// Writes a safetensors file whose tensors do not fit into memory together: declare all of them,
// then hand over their data piece by piece. The file appears when finish() has seen every byte; a
// writer that is destroyed before leaves nothing behind.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "checkpoint/atomic_file.h"
#include "checkpoint/tensor.h"

namespace lumina::checkpoint {

struct TensorDeclaration {
  std::string name;
  DType dtype = DType::kFloat32;
  std::vector<std::int64_t> shape;
};

class SafetensorsWriter {
 public:
  // Writes the header. Data lies in the order of `tensors`, but wider element types first, so that
  // every tensor is aligned. Throws Error(kInvalidArgument) for a name that occurs twice or a shape
  // that is negative or absurd, Error(kIo) if the file cannot be written.
  SafetensorsWriter(const std::string& path, const std::vector<TensorDeclaration>& tensors,
                    const std::map<std::string, std::string>& metadata = {});

  // The next `bytes` bytes of tensor `name`, row-major, little-endian. Tensors may come in any
  // order. Throws Error(kInvalidArgument) for an undeclared tensor or too many bytes, Error(kIo).
  void append(const std::string& name, const void* data, std::size_t bytes);

  // Moves the file into place. Throws Error(kInvalidArgument) if a tensor is not complete.
  void finish();

 private:
  struct Range {
    std::uint64_t next;  // position in the file
    std::uint64_t end;
  };

  std::string path_;
  AtomicFile file_;
  std::map<std::string, Range> ranges_;
};

}  // namespace lumina::checkpoint
