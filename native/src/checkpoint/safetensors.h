// Reads the safetensors format: 8 bytes little-endian header length, a JSON header, raw data.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "checkpoint/mapped_file.h"
#include "checkpoint/tensor.h"

namespace lumina::checkpoint {

using TensorMap = std::map<std::string, TensorView>;
using UnreadableTensors = std::map<std::string, std::string>;

// Views of all tensors of one file; no data is read. They need not be aligned. Throws
// Error(kCheckpoint) if anything in the header is not as the format says: sizes, ranges, overlaps,
// holes, duplicate names.
//
// `unreadable`: takes the tensors of element types that are not read here, such as F8_E4M3, each
// with what is wrong with it; if it is null, they are errors.
TensorMap read_safetensors(const std::shared_ptr<const MappedFile>& file,
                           UnreadableTensors* unreadable = nullptr);

// The file's `__metadata__`, checked as far as that needs; empty if it has none.
std::map<std::string, std::string> read_safetensors_metadata(
    const std::shared_ptr<const MappedFile>& file);

}  // namespace lumina::checkpoint
