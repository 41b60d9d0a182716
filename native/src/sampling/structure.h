// Which tokens may come next, and which filters apply (docs/spec/model.md 7.3, 7.5), as data.
#pragma once

#include <cstdint>

#include "lumina/types.h"
#include "sampling/picture_layout.h"

namespace lumina::sampling {

enum class Phase {
  kText,    // before image start
  kHeader,  // after image start, one or both grid tokens missing
  kBody,    // inside the picture
};

struct PhaseRules {
  bool guidance;     // combine with the row that has no text
  bool constrained;  // codes, newlines and end only where they belong
  bool image_top_k;  // else text top-k
};

// The table of 7.3.
constexpr PhaseRules rules_of(Phase phase) {
  switch (phase) {
    case Phase::kText: return {false, false, false};
    case Phase::kHeader: return {false, false, true};
    case Phase::kBody: break;
  }
  return {true, true, true};
}

// Ids first .. first + count - 1 and nothing else.
struct AllowedIds {
  std::int32_t first = 0;
  std::int32_t count = 0;

  bool forced() const { return count == 1; }
};

// The image codes of a checkpoint, as token ids.
struct CodeRange {
  std::int32_t first = 155000;
  std::int32_t count = 16384;
};

// What may stand at place k of a picture's body.
AllowedIds allowed_in_body(const PictureLayout& layout, std::int64_t k, const TokenIds& ids,
                           const CodeRange& codes);

}  // namespace lumina::sampling
