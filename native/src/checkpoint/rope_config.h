// Rotary position embedding in config.json, in the forms of transformers 4 (rope_theta and
// rope_scaling) and 5 (rope_parameters).
#pragma once

#include "checkpoint/key_reader.h"
#include "checkpoint/model_config.h"

namespace lumina::checkpoint {

// Reads both forms into config->rope_theta and config->rope_scaling; max_position_embeddings must
// have been read. Throws Error(kCheckpoint) for a kind of scaling that this model has not, and for
// forms that contradict each other.
void read_rope(const nlohmann::json& object, const std::string& source, ModelConfig* config,
               std::vector<KeyNote>* notes);

}  // namespace lumina::checkpoint
