#include <filesystem>
#include <set>

#include "checkpoint/json_text.h"
#include "checkpoint/messages.h"
#include "checkpoint/weight_file.h"

namespace lumina::checkpoint {
namespace {

namespace fs = std::filesystem;

// Never follow an index out of its folder.
bool stays_inside(const std::string& shard) {
  if (shard.empty() || shard.find_first_of(std::string("\\\0", 2)) != std::string::npos) {
    return false;
  }
  const fs::path path(shard);
  if (path.has_root_path() || !path.has_filename()) return false;
  for (const auto& part : path) {
    if (part == "..") return false;
  }
  return path.filename() != ".";
}

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
    if (!stays_inside(shard_name)) {
      fail(index_path, "the shard " + quoted(shard_name) + " does not lie in the index's folder");
    }
    weight_map.emplace(name, fs::path(shard_name).lexically_normal().string());
  }
  return weight_map;
}

}  // namespace

WeightFile read_sharded(const std::string& index_path) {
  const auto weight_map = read_weight_map(index_path);
  std::set<std::string> shards;
  for (const auto& [name, shard] : weight_map) shards.insert(shard);

  const auto folder = fs::path(index_path).parent_path();
  WeightFile all;
  std::map<std::string, std::string> places;  // the file of every tensor
  for (const auto& shard : shards) {
    const std::string shard_path = (folder / shard).string();
    std::map<std::string, std::string> ignored;
    WeightFile file = read_weight_file(shard_path, {}, &ignored);
    const auto add = [&](const std::string& name) {
      const auto [place, added] = places.emplace(name, shard_path);
      if (!added) fail(shard_path, "tensor " + quoted(name) + " is also in " + place->second);
    };
    for (auto& [name, view] : file.tensors) {
      add(name);
      all.tensors.emplace(name, std::move(view));
    }
    for (auto& [name, reason] : file.unreadable) {
      add(name);
      all.unreadable.emplace(name, std::move(reason));
    }
  }
  for (const auto& [name, shard] : weight_map) {
    const auto found = places.find(name);
    if (found == places.end() || found->second != (folder / shard).string()) {
      fail((folder / shard).string(),
           "lacks tensor " + quoted(name) + ", which the index places there");
    }
    if (all.keys.size() < 100) all.keys.push_back(quoted(name));
  }
  return all;
}

}  // namespace lumina::checkpoint
