// Whether a request can be served, told before anything is allocated.
#pragma once

#include "checkpoint/model_config.h"
#include "decoding/decode.h"
#include "lumina/types.h"
#include "sampling/picture_layout.h"

namespace lumina::decoding {

// Throws Error(kInvalidArgument) naming what is wrong: prompt, given codes, size, token ids.
// Sampling options are sampling::resolve()'s.
void validate(const DecodeRequest& request, const sampling::PictureLayout& layout,
              const TokenIds& ids, const checkpoint::ModelConfig& config);

}  // namespace lumina::decoding
