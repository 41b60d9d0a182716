// How much memory one call needs on top of the weights, known before it starts. No tensors.
#pragma once

#include <cstdint>

#include "vision/layout.h"

namespace lumina::vision {

// Largest number of bytes alive at once while one picture of `rows` x `columns` codes is decoded,
// or encoded, by the schedule of decoder.cc and encoder.cc; a batch needs a multiple.
// `element_size`: bytes per activation (4 for float32, 2 for bfloat16). A few percent too high
// rather than too low.
std::int64_t decode_working_bytes(const MovqganConfig& config, std::int64_t rows,
                                  std::int64_t columns, std::int64_t element_size = 4);
std::int64_t encode_working_bytes(const MovqganConfig& config, std::int64_t rows,
                                  std::int64_t columns, std::int64_t element_size = 4);

}  // namespace lumina::vision
