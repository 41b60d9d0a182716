// config.json of the transformer (docs/spec/model.md 1.2): every size comes from here, and a key
// that the file lacks takes the reference's default.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checkpoint/known_keys.h"

namespace lumina::checkpoint {

struct RopeScaling {
  enum class Type { kNone, kLinear, kDynamic };
  Type type = Type::kNone;
  double factor = 1.0;
};

struct ModelConfig {
  std::int64_t vocab_size = 65536;
  std::int64_t hidden_size = 4096;
  std::int64_t intermediate_size = 11008;
  std::int64_t num_hidden_layers = 32;
  std::int64_t num_attention_heads = 32;
  std::int64_t num_key_value_heads = 32;  // defaults to num_attention_heads
  std::int64_t max_position_embeddings = 4096;
  double rms_norm_eps = 1e-5;
  double rope_theta = 10000.0;
  RopeScaling rope_scaling;
  bool attention_bias = false;
  bool mlp_bias = false;
  bool swin_norm = false;
  bool tie_word_embeddings = false;
  std::int64_t model_parallel_size = 1;
  // Not in released files, which take the defaults; a small model may place its codes elsewhere.
  std::int64_t image_token_offset = 155000;  // id of image code 0
  std::int64_t image_codebook_size = 16384;  // number of image codes

  std::int64_t head_dim() const { return hidden_size / num_attention_heads; }

  // Reads and validates `path`/config.json (or `path` itself if it is a file). Every key is used,
  // known to change nothing, or refused (model_config_keys.h); those that were passed over are
  // added to `notes` unless it is null. Throws Error(kCheckpoint) with the file and the key.
  static ModelConfig read(const std::string& path, std::vector<KeyNote>* notes = nullptr);
  static ModelConfig parse(const std::string& json_text, const std::string& source,
                           std::vector<KeyNote>* notes = nullptr);
  std::string to_json() const;  // a complete config.json
};

}  // namespace lumina::checkpoint
