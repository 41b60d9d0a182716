// Between 8-bit pictures and the network's value range (docs/spec/movqgan.md section 6).
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "lumina/types.h"

namespace lumina::vision {

// RGB bytes [height, width, 3] -> [1, 3, height, width] float32, p / 255 * 2 - 1 evaluated in
// float64 and rounded once. Throws Error(kInvalidArgument) if the bytes do not fill the size.
at::Tensor pixels_to_tensor(const Image& image);

// [3, height, width] or [1, 3, height, width] of any floating type -> RGB bytes:
// (y + 1) * 127.5, rounded half to even, then clamped. Throws Error(kNumerical) for NaN or
// infinity.
Image tensor_to_pixels(const at::Tensor& tensor);

}  // namespace lumina::vision
