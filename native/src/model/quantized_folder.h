// Model folders whose matrices are quantised.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "quant/format.h"

namespace lumina::model {

// Metadata of a quantised file: {"model-00001-of-00002.safetensors": SHA-256, ..} of what it was
// made from, JSON.
inline constexpr char kSourceKey[] = "lumina.source";

// Writes the model folder `to`, which must not exist or be empty: that of `from` with the matrices
// of its layers in `format`, all weights in one file. Never more than a few outputs of a matrix are
// in memory. `progress` is called often, with the share of the work that is done, and may throw to
// end it. Throws Error(kInvalidArgument, kCheckpoint, kIo); nothing is left behind then.
void write_quantized(const std::string& from, const quant::Format& format, const std::string& to,
                     const std::function<void(double share)>& progress);

}  // namespace lumina::model
