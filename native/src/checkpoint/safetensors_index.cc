#include <filesystem>
#include <set>

#include "checkpoint/json_text.h"
#include "checkpoint/messages.h"
#include "checkpoint/safetensors.h"

namespace lumina::checkpoint {
namespace {

// tensor name -> shard file name
std::map<std::string, std::string> read_weight_map(const std::string& index_path) {
  const auto file = MappedFile::open(index_path);
  const char* text = reinterpret_cast<const char*>(file->data());
  const auto index = parse_json_object(text, text + file->size(), index_path);
  const auto found = index.find("weight_map");
  if (found == index.end() || !found->is_object() || found->empty()) {
    fail(index_path, "has no weight_map");
  }
  std::map<std::string, std::string> weight_map;
  for (const auto& [name, shard] : found->items()) {
    if (!shard.is_string()) fail(index_path, "the shard of " + quoted(name) + " is not a text");
    const std::string shard_name = shard.get<std::string>();
    // Never follow an index out of its folder.
    if (shard_name.empty() || shard_name == "." || shard_name == ".." ||
        shard_name.find_first_of(std::string("/\\\0", 3)) != std::string::npos) {
      fail(index_path, "the shard " + quoted(shard_name) + " is not a plain file name");
    }
    weight_map.emplace(name, shard_name);
  }
  return weight_map;
}

}  // namespace

TensorMap read_sharded_safetensors(const std::string& index_path) {
  const auto weight_map = read_weight_map(index_path);
  std::set<std::string> shards;
  for (const auto& [name, shard] : weight_map) shards.insert(shard);

  const auto folder = std::filesystem::path(index_path).parent_path();
  TensorMap tensors;
  for (const auto& shard : shards) {
    const std::string shard_path = (folder / shard).string();
    for (auto& [name, view] : read_safetensors(MappedFile::open(shard_path))) {
      const auto [place, added] = tensors.emplace(name, view);
      if (!added) {
        fail(shard_path, "tensor " + quoted(name) + " is also in " + place->second.file);
      }
    }
  }
  for (const auto& [name, shard] : weight_map) {
    const auto found = tensors.find(name);
    if (found == tensors.end() || found->second.file != (folder / shard).string()) {
      fail((folder / shard).string(),
           "lacks tensor " + quoted(name) + ", which the index places there");
    }
  }
  return tensors;
}

}  // namespace lumina::checkpoint
