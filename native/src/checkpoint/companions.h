// The files of a model folder that travel with its weights.
#pragma once

#include <string>
#include <vector>

namespace lumina::checkpoint {

// Paths of the regular files directly in `folder` but the transformer's weights
// (model*.safetensors or pytorch_model*.bin, and their index) and the state of a training run:
// config, tokenizer, image tokenizer, defaults; in order of name. Throws Error(kCheckpoint) if the
// folder cannot be read.
std::vector<std::string> companion_files(const std::string& folder);

}  // namespace lumina::checkpoint
