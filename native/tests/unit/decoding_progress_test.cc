// The codes that a request reports while it runs.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "decoding/decode.h"
#include "support/recipe_model.h"

namespace lumina::decoding {
namespace {

// Copies the codes of every report.
class CodesSeen : public Observer {
 public:
  bool on_progress(const Progress& progress) override {
    reports.push_back(progress);
    codes.emplace_back(progress.codes, progress.codes + progress.codes_done);
    return true;
  }

  std::vector<Progress> reports;
  std::vector<std::vector<std::int32_t>> codes;
};

DecodeRequest request_of(const char* mode, int grid_rows, int grid_columns) {
  DecodeRequest request;
  request.prompt = {200, 201, 202};
  request.grid_rows = grid_rows;
  request.grid_columns = grid_columns;
  request.sampling.image_top_k = 100;
  request.sampling.seed = 3;
  request.decoding.mode = mode;
  if (request.decoding.mode != "sequential") request.decoding.window = 8;
  return request;
}

Decoded run(const DecodeRequest& request, Observer& observer) {
  static const model::Transformer model =
      lumina::testing::recipe_transformer(lumina::testing::tiny_config());
  KeptCache cache;
  return decode(model, cache, lumina::testing::tiny_token_ids(), request, Monitor(&observer));
}

bool begins_with(const std::vector<std::int32_t>& whole, const std::vector<std::int32_t>& part) {
  return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

// Every report's codes begin the picture, and none takes back what one before it said.
void expect_prefixes(const CodesSeen& seen, const Decoded& decoded) {
  std::size_t before = 0;
  for (std::size_t i = 0; i < seen.reports.size(); ++i) {
    const Progress& report = seen.reports[i];
    EXPECT_TRUE(begins_with(decoded.codes.values, seen.codes[i])) << "report " << i;
    EXPECT_GE(seen.codes[i].size(), before) << "report " << i;
    before = seen.codes[i].size();
    ASSERT_EQ(report.columns, decoded.codes.columns) << "report " << i;
    EXPECT_EQ(report.rows_done, report.codes_done / report.columns) << "report " << i;
  }
  EXPECT_EQ(seen.codes.back(), decoded.codes.values);
}

TEST(DecodingProgress, CodesReportedAreThoseOfThePicture) {
  for (const char* mode : {"sequential", "mc", "gum", "sjd", "ref", "mc-lambda"}) {
    SCOPED_TRACE(mode);
    CodesSeen seen;
    const Decoded decoded = run(request_of(mode, 2, 3), seen);
    ASSERT_EQ(decoded.codes.values.size(), 8u * 12);
    expect_prefixes(seen, decoded);
    EXPECT_TRUE(seen.codes.front().empty());
    EXPECT_GT(seen.reports.size(), 8u) << "at least a report for every row";
  }
}

TEST(DecodingProgress, AGivenHalfIsThereFromTheStart) {
  for (const char* mode : {"sequential", "mc"}) {
    SCOPED_TRACE(mode);
    DecodeRequest request = request_of(mode, 2, 2);
    for (int i = 0; i < 4 * 8; ++i) request.given.push_back(i * 31 % 512);
    CodesSeen seen;
    const Decoded decoded = run(request, seen);
    expect_prefixes(seen, decoded);
    EXPECT_EQ(seen.reports.front().phase, Progress::kPrefill);
    EXPECT_EQ(seen.codes.front(), request.given);
  }
}

}  // namespace
}  // namespace lumina::decoding
