// Records come as one file or as a folder of shards.
#pragma once

#include <string>
#include <vector>

namespace lumina::training {

// `path` itself, or if it is a folder its files `prefix`*.safetensors in order of name. Throws
// Error(kCheckpoint) for a folder without any.
std::vector<std::string> record_files(const std::string& path, const std::string& prefix);

// Whether a folder has such files.
bool has_record_files(const std::string& folder, const std::string& prefix);

}  // namespace lumina::training
