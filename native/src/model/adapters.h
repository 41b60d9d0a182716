// Low-rank adapters in PEFT's format, added to the weights they adapt: W + scale * alpha / r * B A
// (Hu et al., arXiv:2106.09685). Generation and merging use the same sum.
#pragma once

#include <string>
#include <vector>

#include "checkpoint/weight_set.h"

namespace lumina::model {

struct AdapterChoice {
  std::string path;    // as find_adapter() takes it
  double scale = 1.0;  // of the whole adapter; 0 switches it off
};

// [{"path": "..", "scale": 1.0}, ..] from JSON text. Throws Error(kInvalidArgument).
std::vector<AdapterChoice> parse_adapters(const std::string& json);

// `weights` with all adapters added, summed in fp32 and rounded once to the type they are stored
// in. Weights without an adapter stay as they are, mapped; adapted ones are copies in memory.
// Throws Error(kCheckpoint) for an adapter that is damaged, that is no plain LoRA
// (checkpoint::AdapterConfig), or that fits other weights.
checkpoint::WeightSet with_adapters(const checkpoint::WeightSet& weights,
                                    const std::vector<AdapterChoice>& adapters);

// Writes the model folder `to`, which must not exist or be empty: that of `from` with the adapters
// in its weights. Throws Error(kInvalidArgument, kCheckpoint, kIo); nothing is left behind then.
void merge_adapters(const std::string& from, const std::vector<AdapterChoice>& adapters,
                    const std::string& to);

}  // namespace lumina::model
