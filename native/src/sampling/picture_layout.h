// Where every token of a picture lies (docs/spec/model.md 5):
//
//   START, G(rows / 4), G(columns / 4), codes of row 0, NEWLINE, codes of row 1, NEWLINE, ..., END
//
// The body is what follows the two grid tokens; its tokens are counted from 0.
#pragma once

#include <cstdint>
#include <vector>

#include "lumina/types.h"

namespace lumina::sampling {

class PictureLayout {
 public:
  static constexpr int kCodesPerCell = 4;     // a grid cell is 32 pixels, a code 8
  static constexpr std::int64_t kHeader = 3;  // START and the two grid tokens

  enum class Kind { kCode, kNewLine, kEnd };

  PictureLayout() = default;
  // Size in grid cells, each at least 1.
  PictureLayout(int grid_rows, int grid_columns)
      : grid_rows_(grid_rows), grid_columns_(grid_columns) {}

  int grid_rows() const { return grid_rows_; }
  int grid_columns() const { return grid_columns_; }
  int rows() const { return kCodesPerCell * grid_rows_; }        // of codes
  int columns() const { return kCodesPerCell * grid_columns_; }  // codes in a row

  std::int64_t row_length() const { return columns() + 1; }               // codes and newline
  std::int64_t body_length() const { return rows() * row_length() + 1; }  // END included
  std::int64_t length() const { return kHeader + body_length(); }         // START .. END

  // What belongs at place k of the body. Throws Error(kInternal) past the end.
  Kind kind(std::int64_t k) const;
  int row(std::int64_t k) const { return static_cast<int>(k / row_length()); }
  int column(std::int64_t k) const { return static_cast<int>(k % row_length()); }
  // Rows that the first k tokens of the body complete, newline included.
  int whole_rows(std::int64_t k) const;

 private:
  int grid_rows_ = 0;
  int grid_columns_ = 0;
};

// START, G(rows), G(columns). Throws Error(kInvalidArgument) if the tokenizer has no such grid
// token.
std::vector<std::int32_t> header_tokens(const PictureLayout& layout, const TokenIds& ids);

// How many cells a grid token says; -1 for any other token.
int grid_cells(std::int32_t token, const TokenIds& ids);

// Body tokens of the first rows of a picture: codes [n * columns] row-major -> n rows with
// newlines.
std::vector<std::int32_t> row_tokens(const PictureLayout& layout, const TokenIds& ids,
                                     std::int32_t code_offset,
                                     const std::vector<std::int32_t>& codes);

// The codes among the whole rows of a body.
Codes body_codes(const PictureLayout& layout, std::int32_t code_offset,
                 const std::vector<std::int32_t>& body);

}  // namespace lumina::sampling
