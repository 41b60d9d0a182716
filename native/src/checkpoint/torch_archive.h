// Reads what torch.save writes (docs/spec/movqgan.md 7.2): an uncompressed zip of raw storages and
// one pickle that says which tensors they hold, or the format before PyTorch 1.6: several pickles
// and the storages behind each other. Pickles are read as data; nothing in the file can name code
// to run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "checkpoint/mapped_file.h"
#include "checkpoint/weight_file.h"

namespace lumina::checkpoint {

// True if the file begins as a zip archive does.
bool is_torch_archive(const MappedFile& file);

// True if the file begins as torch.save's old format does.
bool is_legacy_torch_file(const MappedFile& file);

// The state dict that `anchors` choose (state_dicts.h). Throws Error(kCheckpoint).
WeightFile read_torch_archive(const std::shared_ptr<const MappedFile>& file,
                              const std::vector<std::string>& anchors);
WeightFile read_legacy_torch_file(const std::shared_ptr<const MappedFile>& file,
                                  const std::vector<std::string>& anchors);

}  // namespace lumina::checkpoint
