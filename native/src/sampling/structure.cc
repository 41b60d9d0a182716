#include "sampling/structure.h"

namespace lumina::sampling {

AllowedIds allowed_in_body(const PictureLayout& layout, std::int64_t k, const TokenIds& ids,
                           const CodeRange& codes) {
  switch (layout.kind(k)) {
    case PictureLayout::Kind::kNewLine: return {ids.new_line, 1};
    case PictureLayout::Kind::kEnd: return {ids.image_end, 1};
    case PictureLayout::Kind::kCode: break;
  }
  return {codes.first, codes.count};
}

}  // namespace lumina::sampling
