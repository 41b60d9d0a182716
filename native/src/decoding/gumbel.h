// The noise of sampling::GumbelNoise for whole windows, on any device.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "sampling/noise.h"

namespace lumina::decoding {

// noise[p, w, i] for candidate first_id + i at positions[p, w] under seeds[p], which holds the bits
// of an unsigned number: noise [P, W, C] fp64, positions [P, W] and seeds [P] int64, all on one
// device, dense. Positions below 0 or beyond 2^32 - 1 wrap around.
void fill_gumbel(const at::Tensor& seeds, const at::Tensor& positions, sampling::NoiseStream stream,
                 std::int64_t first_id, const at::Tensor& noise);

}  // namespace lumina::decoding
