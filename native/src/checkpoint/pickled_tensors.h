// From the pickle of a torch.save file to the tensors of one state dict in it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "checkpoint/mapped_file.h"
#include "checkpoint/pickle.h"
#include "checkpoint/weight_file.h"

namespace lumina::checkpoint {

// Where the bytes of a storage lie in the file.
struct StorageBytes {
  const std::uint8_t* data;
  std::uint64_t size;
};

// Finds a storage for a tensor that messages call `tensor`; throws Error(kCheckpoint) if it is not
// there.
using StorageFinder =
    std::function<StorageBytes(const PickledStorage& storage, const std::string& tensor)>;

// The tensors of the mapping that `anchors` choose (state_dicts.h), with every other value passed
// over: what a training program keeps beside its weights. Views lie inside `file` and need not be
// aligned. Throws Error(kCheckpoint) for a pickle without any mapping of names to tensors, and for
// tensors that do not fit their storage.
WeightFile state_dict_of(const Pickle& pickle, const std::vector<std::string>& anchors,
                         const std::shared_ptr<const MappedFile>& file, const StorageFinder& find);

}  // namespace lumina::checkpoint
