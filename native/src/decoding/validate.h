// Whether a request can be served, told before anything is allocated.
#pragma once

#include "checkpoint/model_config.h"
#include "decoding/decode.h"
#include "decoding/options.h"
#include "lumina/types.h"
#include "sampling/picture_layout.h"

namespace lumina::decoding {

// Throws Error(kInvalidArgument) naming what is wrong: prompt, given codes, size, token ids.
// Sampling and decoding options are those of their resolve()s.
void validate(const DecodeRequest& request, const sampling::PictureLayout& layout,
              const TokenIds& ids, const checkpoint::ModelConfig& config);

// Dynamic rotary scaling turns keys by angles that depend on the length of the sequence once that
// is beyond the model's positions; in a window that length would be a guess, and the picture
// another than sequential decoding's. Throws Error(kInvalidArgument) if that would happen within
// `positions`.
void require_lasting_positions(const Speculation& speculation,
                               const checkpoint::ModelConfig& config, std::int64_t positions);

}  // namespace lumina::decoding
