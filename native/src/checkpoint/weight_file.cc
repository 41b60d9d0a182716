#include "checkpoint/weight_file.h"

#include "checkpoint/messages.h"
#include "checkpoint/torch_archive.h"

namespace lumina::checkpoint {

WeightFile read_weight_file(const std::string& path, const std::vector<std::string>& anchors,
                            std::map<std::string, std::string>* metadata) {
  const auto file = MappedFile::open(path);
  if (is_torch_archive(*file)) return read_torch_archive(file, anchors);
  if (is_legacy_torch_file(*file)) return read_legacy_torch_file(file, anchors);
  WeightFile result;
  result.tensors = read_safetensors(file, &result.unreadable);
  *metadata = read_safetensors_metadata(file);
  for (const auto& [name, view] : result.tensors) result.keys.push_back(quoted(name));
  return result;
}

}  // namespace lumina::checkpoint
