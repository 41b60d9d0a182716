// What each code looks like, roughly: a picture in the making can be shown without the decoder.
#pragma once

#include <ATen/core/Tensor.h>

#include "vision/movqgan.h"

namespace lumina::vision {

// Patches of all codes, one below the other: [3, codebook size * s, s], roughly in [-1, 1], where s
// is the side of a code in pixels. A patch is a linear map of the code's codebook row, fitted by
// least squares to what the decoder makes of one sheet, 256x256 pixels: 64 codes, each a block of
// 4x4. Costs the decoding of that, once per image tokenizer.
//
// Why this sheet: on pictures of the demo model, previews came to 21.1 dB against the decoder, with
// single codes at random 18.9, with the codes that the encoder picks for gradients and edges 20.6.
// No table of patches could do better than 24.9. Smaller blocks are blurred by their neighbours,
// larger ones, four sheets or a quadratic map changed 0.3 dB at most.
at::Tensor code_patches(const Movqgan& movqgan, const Tap& tap = {});

// The fit: codebook [K, D], codes [h, w] int64 and the picture they became [3, s * h, s * w]
// -> patches [3, K * s, s].
at::Tensor fit_patches(const at::Tensor& codebook, const at::Tensor& codes,
                       const at::Tensor& picture);

}  // namespace lumina::vision
