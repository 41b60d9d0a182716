// Descriptions of checkpoints as JSON, loaded or not.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "checkpoint/model_config.h"
#include "checkpoint/weight_set.h"
#include "vision/layout.h"

namespace lumina::api {

// "F32", "BF16", or "mixed". Of weights that are used: one that is left over says nothing.
std::string stored_dtype(const checkpoint::WeightSet& weights);

// Both describe the tensors that are used, whatever else `weights` holds.
nlohmann::json describe_transformer(const checkpoint::ModelConfig& config,
                                    const checkpoint::WeightSet& weights);
nlohmann::json describe_image_tokenizer(const vision::MovqganConfig& config,
                                        const checkpoint::WeightSet& weights);
// Bytes per precision and picture size; `movqgan` may be null.
nlohmann::json describe_memory(const checkpoint::ModelConfig& config,
                               const vision::MovqganConfig* movqgan);

// A checkpoint folder (with config.json) or a MoVQGAN file, checked but not loaded. The image
// tokenizer of a folder is the file given, or none if empty. Throws Error(kCheckpoint).
std::string inspect_path(const std::string& path, const std::string& image_tokenizer);

}  // namespace lumina::api
