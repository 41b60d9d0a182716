// How a checkpoint that is too large for one file is split, in the naming of Hugging Face:
// model-00001-of-00004.safetensors and an index that says which tensor is where.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checkpoint/tensor.h"

namespace lumina::checkpoint {

struct Shard {
  std::string file;  // plain file name
  std::vector<TensorSpec> tensors;
  std::uint64_t bytes = 0;  // of data
};

// Fills shards in the given order; a tensor that would pass `max_shard_bytes` begins a new one. A
// single shard is called model.safetensors and needs no index.
std::vector<Shard> plan_shards(const std::vector<TensorSpec>& tensors, DType dtype,
                               std::uint64_t max_shard_bytes);

// Text of model.safetensors.index.json.
std::string shard_index_json(const std::vector<Shard>& shards);

}  // namespace lumina::checkpoint
