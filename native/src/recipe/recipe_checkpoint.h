// Writes a complete checkpoint folder of any size from the weight recipe, in the released format:
// config.json, safetensors (sharded above a limit), the image tokenizer's weights, tokenizer files.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checkpoint/model_config.h"
#include "checkpoint/tensor.h"

namespace lumina::recipe {

struct RecipeOptions {
  checkpoint::ModelConfig config;                    // sizes; vocabulary: see recipe_tokenizer.h
  std::vector<checkpoint::TensorSpec> transformer;   // tensors that `config` needs, in file order
  std::vector<checkpoint::TensorSpec> movqgan;       // of the image tokenizer; empty: no such file
  std::string movqgan_file = "movqgan.safetensors";  // plain file name inside the folder
  bool bf16 = true;  // transformer as bf16, else float32; MoVQGAN is float32
  std::uint64_t max_shard_bytes = 5'000'000'000;
  std::string salt;  // see recipe.h
  int threads = 0;   // that compute weights; 0: one per core
};

// Writes the folder `folder`, which must not exist or be empty; its parent must exist. Everything
// is built in a temporary folder beside it and renamed at the end: a failure leaves nothing. Memory
// needed: one tensor. Throws Error(kInvalidArgument) for a folder in use or options that do not fit
// together, Error(kIo) if it cannot be written.
void write_recipe_checkpoint(const std::string& folder, const RecipeOptions& options);

}  // namespace lumina::recipe
