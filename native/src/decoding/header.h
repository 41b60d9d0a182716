// Draws what stands before the codes as the reference does: any text, image start, and the two grid
// tokens, all from the whole vocabulary and without guidance (docs/spec/model.md 7.3).
#pragma once

#include <cstdint>
#include <vector>

#include "decoding/context.h"
#include "decoding/monitor.h"
#include "lumina/types.h"
#include "sampling/chain.h"
#include "sampling/picture_layout.h"

namespace lumina::decoding {

struct DrawnHeader {
  sampling::PictureLayout layout;
  std::vector<std::int32_t> tokens;  // image start and the grid tokens
  std::int64_t generated = 0;        // text included
};

// `context` holds the prompt. Throws Error(kIncomplete) if the model ends without a picture, draws
// something that is no grid token, or reaches `most_generated` tokens.
DrawnHeader draw_header(const model::Transformer& model, Context& context, sampling::Chain& chain,
                        const Monitor& monitor, const TokenIds& ids, std::int64_t most_generated);

}  // namespace lumina::decoding
