// Reads what torch.save writes (spec/movqgan.md 7.2): an uncompressed zip of raw storages and one
// pickle that says which tensors they hold. The pickle is interpreted by a machine that knows only
// what a state dict needs; nothing in the file can name code to run.
#pragma once

#include <memory>

#include "checkpoint/mapped_file.h"
#include "checkpoint/safetensors.h"

namespace lumina::checkpoint {

// True if the file begins as a zip archive does.
bool is_torch_archive(const MappedFile& file);

// Views of the tensors of a state dict: a mapping name -> tensor, or such a mapping under the key
// "state_dict". Entries that are not tensors are skipped. Throws Error(kCheckpoint).
TensorMap read_torch_archive(const std::shared_ptr<const MappedFile>& file);

}  // namespace lumina::checkpoint
