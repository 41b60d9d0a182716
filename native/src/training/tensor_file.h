// Named tensors to and from one safetensors file.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace lumina::training {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

// Writes the file at once or not at all. Tensors may be fp32, bf16 or int64. Throws Error(kIo).
void write_tensors(const std::string& path, const NamedTensors& tensors,
                   const std::map<std::string, std::string>& metadata = {});

struct TensorFile {
  std::map<std::string, at::Tensor> tensors;  // copies: nothing stays mapped
  std::map<std::string, std::string> metadata;
};

// Throws Error(kCheckpoint).
TensorFile read_tensors(const std::string& path);

}  // namespace lumina::training
