// Reads the safetensors format: 8 bytes little-endian header length, a JSON header, raw data.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "checkpoint/mapped_file.h"
#include "checkpoint/tensor.h"

namespace lumina::checkpoint {

using TensorMap = std::map<std::string, TensorView>;

// Views of all tensors of one file; no data is read. Throws Error(kCheckpoint) if anything in the
// header is not as the format says: sizes, ranges, overlaps, holes, alignment, duplicate names.
TensorMap read_safetensors(const std::shared_ptr<const MappedFile>& file);

// The file's `__metadata__`, checked as far as that needs; empty if it has none.
std::map<std::string, std::string> read_safetensors_metadata(
    const std::shared_ptr<const MappedFile>& file);

// All tensors of the shards that an index file (model.safetensors.index.json) names. Shards lie
// beside the index; a name with a folder in it is refused.
TensorMap read_sharded_safetensors(const std::string& index_path);

}  // namespace lumina::checkpoint
