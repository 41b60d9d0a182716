// Whether a request can be served, told before anything is allocated.
#pragma once

#include <cstdint>
#include <vector>

#include "checkpoint/model_config.h"
#include "decoding/decode.h"
#include "lumina/types.h"
#include "sampling/picture_layout.h"

namespace lumina::decoding {

// Throws Error(kInvalidArgument) naming what is wrong: prompt, given codes, size, token ids.
// Sampling and decoding options are those of their resolve()s.
void validate(const DecodeRequest& request, const sampling::PictureLayout& layout,
              const TokenIds& ids, const checkpoint::ModelConfig& config);

// The same for codes that follow the given ones of the request: whole rows, at least one.
void validate_drawn(const std::vector<std::int32_t>& drawn, const DecodeRequest& request,
                    const sampling::PictureLayout& layout, const checkpoint::ModelConfig& config);

// Dynamic rotary scaling turns keys by angles that depend on the length of the sequence once that
// is beyond the model's positions; in a window that length is another than sequential decoding's,
// and so is all that follows. Throws Error(kInvalidArgument) if that would happen within
// `positions`.
void require_lasting_positions(const checkpoint::ModelConfig& config, std::int64_t positions);

}  // namespace lumina::decoding
