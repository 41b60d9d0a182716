#include "sampling/picture_layout.h"

#include <algorithm>
#include <string>

#include "lumina/status.h"

namespace lumina::sampling {

PictureLayout::Kind PictureLayout::kind(std::int64_t k) const {
  if (k < 0 || k >= body_length()) {
    throw Error(ErrorCode::kInternal, "no token " + std::to_string(k) + " in a picture body of " +
                                          std::to_string(body_length()));
  }
  if (k == body_length() - 1) return Kind::kEnd;
  return (k + 1) % row_length() == 0 ? Kind::kNewLine : Kind::kCode;
}

int PictureLayout::whole_rows(std::int64_t k) const {
  return static_cast<int>(std::min<std::int64_t>(k / row_length(), rows()));
}

std::vector<std::int32_t> header_tokens(const PictureLayout& layout, const TokenIds& ids) {
  std::vector<std::int32_t> header = {ids.image_start};
  for (const int cells : {layout.grid_rows(), layout.grid_columns()}) {
    if (cells < 1 || cells >= static_cast<int>(ids.grid.size()) || ids.grid[cells] < 0) {
      throw Error(ErrorCode::kInvalidArgument, "the tokenizer has no token for a side of " +
                                                   std::to_string(32LL * cells) + " pixels");
    }
    header.push_back(ids.grid[cells]);
  }
  return header;
}

int grid_cells(std::int32_t token, const TokenIds& ids) {
  if (token < 0) return -1;  // -1 marks sizes that the tokenizer lacks
  const auto found = std::find(ids.grid.begin(), ids.grid.end(), token);
  return found == ids.grid.end() ? -1 : static_cast<int>(found - ids.grid.begin());
}

std::vector<std::int32_t> row_tokens(const PictureLayout& layout, const TokenIds& ids,
                                     std::int32_t code_offset,
                                     const std::vector<std::int32_t>& codes) {
  std::vector<std::int32_t> tokens;
  tokens.reserve(codes.size() + codes.size() / layout.columns());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    tokens.push_back(codes[i] + code_offset);
    if ((i + 1) % layout.columns() == 0) tokens.push_back(ids.new_line);
  }
  return tokens;
}

Codes body_codes(const PictureLayout& layout, std::int32_t code_offset,
                 const std::vector<std::int32_t>& body) {
  Codes codes;
  codes.rows = layout.whole_rows(static_cast<std::int64_t>(body.size()));
  codes.columns = layout.columns();
  codes.values.reserve(static_cast<std::size_t>(codes.rows) * codes.columns);
  for (std::int64_t k = 0; k < codes.rows * layout.row_length(); ++k) {
    if (layout.kind(k) == PictureLayout::Kind::kCode) codes.values.push_back(body[k] - code_offset);
  }
  return codes;
}

}  // namespace lumina::sampling
