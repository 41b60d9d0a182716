// What each code looks like, roughly: a picture in the making can be shown without the decoder.
#pragma once

#include <ATen/core/Tensor.h>

#include "vision/movqgan.h"

namespace lumina::vision {

// Patches of all codes, one below the other: [3, codebook size * s, s], s =
// config().downsampling(), roughly in [-1, 1]. A patch is a linear map of the code's codebook row,
// fitted by least squares to what the decoder makes of one picture. Its codes are those that the
// encoder picks for smooth colours and edges all over the RGB cube: what the decoder makes of codes
// drawn at random, or of one code everywhere, it was never trained for, and thousands of codes one
// by one would take hours. Costs an encoding and a decoding of 256x256, once per image tokenizer.
at::Tensor code_patches(const Movqgan& movqgan, const Tap& tap = {});

// The fit: codebook [K, D], codes [h, w] int64 and the picture they became [3, s * h, s * w]
// -> patches [3, K * s, s].
at::Tensor fit_patches(const at::Tensor& codebook, const at::Tensor& codes,
                       const at::Tensor& picture);

}  // namespace lumina::vision
