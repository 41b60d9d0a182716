// Where the two files of a LoRA adapter lie.
#pragma once

#include <string>

namespace lumina::model {

struct AdapterFiles {
  std::string weights;
  std::string config;
};

// `path`: a folder with adapter_config.json and adapter_model.safetensors or adapter_model.bin, a
// folder whose only subfolder with an adapter_config.json is one (as PEFT saves a named adapter),
// or a file of weights with adapter_config.json beside it. Throws Error(kCheckpoint) that says what
// is missing.
AdapterFiles find_adapter(const std::string& path);

}  // namespace lumina::model
