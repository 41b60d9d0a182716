#include "checkpoint/shards.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "checkpoint/extents.h"
#include "checkpoint/messages.h"
#include "lumina/status.h"

namespace lumina::checkpoint {

std::vector<Shard> plan_shards(const std::vector<TensorSpec>& tensors, DType dtype,
                               std::uint64_t max_shard_bytes) {
  std::vector<Shard> shards(1);
  for (const auto& tensor : tensors) {
    const auto numel = checked_numel(tensor.shape);
    std::uint64_t bytes;
    if (!numel || __builtin_mul_overflow(*numel, element_size(dtype), &bytes)) {
      throw Error(
          ErrorCode::kInvalidArgument,
          "tensor " + quoted(tensor.name) + " cannot have the shape " + shape_text(tensor.shape));
    }
    if (!shards.back().tensors.empty() &&
        (shards.back().bytes > max_shard_bytes || bytes > max_shard_bytes - shards.back().bytes)) {
      shards.emplace_back();
    }
    shards.back().tensors.push_back(tensor);
    shards.back().bytes += bytes;
  }
  for (std::size_t i = 0; i < shards.size(); ++i) {
    char name[64];
    std::snprintf(name, sizeof name, "model-%05zu-of-%05zu.safetensors", i + 1, shards.size());
    shards[i].file = shards.size() == 1 ? "model.safetensors" : name;
  }
  return shards;
}

std::string shard_index_json(const std::vector<Shard>& shards) {
  std::uint64_t total = 0;
  nlohmann::json weight_map = nlohmann::json::object();
  for (const auto& shard : shards) {
    total += shard.bytes;
    for (const auto& tensor : shard.tensors) weight_map[tensor.name] = shard.file;
  }
  const nlohmann::json index = {{"metadata", {{"total_size", total}}}, {"weight_map", weight_map}};
  return index.dump(2) + "\n";
}

}  // namespace lumina::checkpoint
