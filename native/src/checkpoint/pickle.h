// Interprets the pickle of a torch.save archive: an allow-list of opcodes and globals, all others
// refused by name. Nothing is imported or called; "rebuild a tensor" is recorded as data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checkpoint/tensor.h"

namespace lumina::checkpoint {

// A run of elements in the archive, entry data/<key>.
struct PickledStorage {
  std::string key;
  DType dtype = DType::kFloat32;
  std::int64_t numel = 0;
};

// As the pickle says, unchecked: offset, sizes and strides count elements.
struct PickledTensor {
  std::string name;
  PickledStorage storage;
  std::int64_t offset = 0;
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> strides;
};

// The tensors of a state dict, flat or under the key "state_dict"; other values are skipped.
// Throws Error(kCheckpoint) with `file`.
std::vector<PickledTensor> read_pickled_tensors(const std::uint8_t* data, std::size_t size,
                                                const std::string& file);

}  // namespace lumina::checkpoint
