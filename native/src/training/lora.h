// Low-rank adapters on disk, in PEFT's format: adapter_config.json and adapter_model.safetensors
// with tensors base_model.model.<layer>.lora_A.weight [rank, in] and .lora_B.weight [out, rank].
#pragma once

#include <string>
#include <vector>

#include "checkpoint/model_config.h"
#include "training/parameters.h"
#include "training/transformer_network.h"

namespace lumina::training {

// The parameters of the adapter on a linear layer.
inline std::string lora_a(const std::string& layer) { return layer + ".lora_A.weight"; }
inline std::string lora_b(const std::string& layer) { return layer + ".lora_B.weight"; }

// Fresh adapters on every linear layer of a transformer layer whose name ends in a target: A drawn,
// B zero, so that they begin as nothing. Throws Error(kInvalidArgument) for a target that no layer
// has, or a rank outside 1 .. the smaller side of a layer.
ParameterSet initial_adapters(const checkpoint::ModelConfig& config, const LoraOptions& options,
                              std::uint64_t seed);

// Writes both files into `folder`. `base`: what the adapter belongs to, kept as information.
void write_adapter(const std::string& folder, const ParameterSet& adapters,
                   const LoraOptions& options, const std::string& base);

}  // namespace lumina::training
