// What a way of running needs in memory, from sizes alone: the figures behind `inspect` and behind
// the refusal to load what cannot fit. Bytes.
#pragma once

#include <cstdint>

#include "checkpoint/model_config.h"
#include "vision/layout.h"

namespace lumina::api {

enum class Precision { kFp32, kBf16 };

std::int64_t transformer_bytes(const checkpoint::ModelConfig& config, Precision precision);
std::int64_t transformer_parameters(const checkpoint::ModelConfig& config);
std::int64_t movqgan_parameters(const vision::MovqganConfig& config);
// Encoder in fp32, decoder in `decoder`.
std::int64_t movqgan_bytes(const vision::MovqganConfig& config, Precision decoder);

// Working memory of decoding one picture of that many pixels: the widest stage of the lean schedule
// of spec/movqgan.md 8.2, which keeps 4.5 times the base width per pixel alive.
std::int64_t image_decode_bytes(const vision::MovqganConfig& config, std::int64_t pixels,
                                Precision decoder);

}  // namespace lumina::api
