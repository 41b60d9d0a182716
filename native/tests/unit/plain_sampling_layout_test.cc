// Where tokens lie (docs/spec/model.md 5) and what may come next (7.3, 7.5).
#include <gtest/gtest.h>

#include <numeric>

#include "sampling/picture_layout.h"
#include "sampling/structure.h"
#include "support/expect_error.h"

namespace lumina::sampling {
namespace {

using Kind = PictureLayout::Kind;
using lumina::testing::expect_error;

TEST(PictureLayout, LengthsAreThoseOfTheSpecification) {
  const auto check = [](int width, int height, std::int64_t codes, std::int64_t length) {
    const PictureLayout layout(height / 32, width / 32);
    EXPECT_EQ(layout.rows() * layout.columns(), codes);
    EXPECT_EQ(layout.length(), length);
  };
  check(256, 256, 1024, 1060);
  check(512, 512, 4096, 4164);
  check(768, 768, 9216, 9316);
  check(512, 1024, 8192, 8324);
  check(1024, 512, 8192, 8260);
}

TEST(PictureLayout, NewlinesEndRowsAndEndFollowsTheLast) {
  const PictureLayout layout(2, 1);  // 8 rows of 4 codes
  for (std::int64_t k = 0; k < 40; ++k) {
    EXPECT_EQ(layout.kind(k), k % 5 == 4 ? Kind::kNewLine : Kind::kCode) << k;
    EXPECT_EQ(layout.row(k), k / 5);
    EXPECT_EQ(layout.column(k), k % 5);
  }
  EXPECT_EQ(layout.kind(40), Kind::kEnd);
  expect_error(ErrorCode::kInternal, "no token 41", [&] { layout.kind(41); });
  expect_error(ErrorCode::kInternal, "no token -1", [&] { layout.kind(-1); });
}

TEST(PictureLayout, ARowIsWholeWithItsNewline) {
  const PictureLayout layout(1, 1);
  EXPECT_EQ(layout.whole_rows(0), 0);
  EXPECT_EQ(layout.whole_rows(4), 0);
  EXPECT_EQ(layout.whole_rows(5), 1);
  EXPECT_EQ(layout.whole_rows(20), 4);
  EXPECT_EQ(layout.whole_rows(21), 4);
}

TEST(PictureLayout, HeaderSaysHeightFirst) {
  const TokenIds ids;
  EXPECT_EQ(header_tokens(PictureLayout(32, 16), ids),
            (std::vector<std::int32_t>{151665, 151703, 151687}));
  EXPECT_EQ(grid_cells(151703, ids), 32);
  EXPECT_EQ(grid_cells(151670, ids), -1);
}

TEST(PictureLayout, RefusesASizeWithoutToken) {
  TokenIds ids;
  expect_error(ErrorCode::kInvalidArgument, "side of 4128 pixels",
               [&] { header_tokens(PictureLayout(129, 1), ids); });
  expect_error(ErrorCode::kInvalidArgument, "side of 0 pixels",
               [&] { header_tokens(PictureLayout(1, 0), ids); });
  ids.grid[5] = -1;
  expect_error(ErrorCode::kInvalidArgument, "side of 160 pixels",
               [&] { header_tokens(PictureLayout(5, 1), ids); });
  EXPECT_EQ(grid_cells(-1, ids), -1);
}

TEST(PictureLayout, CodesAndTokensAreInverse) {
  const PictureLayout layout(1, 2);  // 4 rows of 8
  const TokenIds ids;
  std::vector<std::int32_t> codes(16);
  std::iota(codes.begin(), codes.end(), 100);
  std::vector<std::int32_t> body = row_tokens(layout, ids, 155000, codes);
  ASSERT_EQ(body.size(), 18u);
  EXPECT_EQ(body[8], ids.new_line);
  EXPECT_EQ(body[17], ids.new_line);
  EXPECT_EQ(body[9], 155108);
  body.push_back(155000);  // a row that is not whole yet
  const Codes back = body_codes(layout, 155000, body);
  EXPECT_EQ(back.rows, 2);
  EXPECT_EQ(back.columns, 8);
  EXPECT_EQ(back.values, codes);
}

TEST(Structure, ForcesNewlineAndEndAndElseAllowsTheCodes) {
  const PictureLayout layout(1, 1);
  const TokenIds ids;
  const CodeRange codes;
  for (std::int64_t k = 0; k < layout.body_length(); ++k) {
    const AllowedIds allowed = allowed_in_body(layout, k, ids, codes);
    if (k == 20) {
      EXPECT_TRUE(allowed.forced());
      EXPECT_EQ(allowed.first, 151666);
    } else if (k % 5 == 4) {
      EXPECT_TRUE(allowed.forced());
      EXPECT_EQ(allowed.first, 151670);
    } else {
      EXPECT_EQ(allowed.first, 155000);
      EXPECT_EQ(allowed.count, 16384);
    }
  }
}

TEST(Structure, RulesAreTheTableOfThePhases) {
  EXPECT_FALSE(rules_of(Phase::kText).guidance);
  EXPECT_FALSE(rules_of(Phase::kText).image_top_k);
  EXPECT_FALSE(rules_of(Phase::kHeader).guidance);
  EXPECT_FALSE(rules_of(Phase::kHeader).constrained);
  EXPECT_TRUE(rules_of(Phase::kHeader).image_top_k);
  EXPECT_TRUE(rules_of(Phase::kBody).guidance);
  EXPECT_TRUE(rules_of(Phase::kBody).constrained);
  EXPECT_TRUE(rules_of(Phase::kBody).image_top_k);
}

}  // namespace
}  // namespace lumina::sampling
