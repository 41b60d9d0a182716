// Pictures of one prompt share what the prompt took: the very pictures that are drawn alone.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "decoding/context.h"
#include "decoding/decode.h"
#include "decoding/likelihood.h"
#include "support/expect_error.h"
#include "support/recipe_model.h"

namespace lumina::decoding {
namespace {

using lumina::testing::expect_error;
using lumina::testing::tiny_config;

using Rows = std::vector<std::vector<std::int32_t>>;

const Rows kRows = {{200, 201, 202, 203, 1, 17, 17}, {1, 17, 17}};

const model::Transformer& tiny_model() {
  static const model::Transformer model = lumina::testing::recipe_transformer(tiny_config());
  return model;
}

// The hidden states behind `rows`, and the passes it took.
std::pair<at::Tensor, std::int64_t> begin(KeptCache& cache, const Rows& rows) {
  const Monitor monitor;
  Context context(tiny_model(), cache, monitor);
  for (const auto& row : rows) context.add_row(row);
  const at::Tensor hidden = context.advance();
  return {hidden, context.passes()};
}

DecodeRequest request_of(std::uint64_t seed, const DecodingOptions& decoding = {}) {
  DecodeRequest request;
  request.prompt = {200, 201, 202, 203, 204};
  request.grid_rows = 2;
  request.grid_columns = 1;
  request.sampling.image_top_k = 100;
  request.sampling.seed = seed;
  request.decoding = decoding;
  return request;
}

Decoded draw(KeptCache& cache, const DecodeRequest& request) {
  return decode(tiny_model(), cache, lumina::testing::tiny_token_ids(), request, Monitor());
}

TEST(KeptCache, ReusesALargeEnoughCache) {
  KeptCache cache;
  EXPECT_EQ(cache.get(), nullptr);
  const model::KvCache* first = &cache.make(tiny_model(), 2, 100);
  EXPECT_EQ(&cache.make(tiny_model(), 1, 60), first);
  EXPECT_EQ(cache.make(tiny_model(), 2, 101).capacity(), 101);
  EXPECT_EQ(cache.make(tiny_model(), 3, 100).rows(), 3);
  cache.reset();
  EXPECT_EQ(cache.get(), nullptr);
}

TEST(KeptCache, TheSameRowsTakeNoPass) {
  KeptCache cache;
  cache.make(tiny_model(), 2, 64);
  const auto [first, passes] = begin(cache, kRows);
  EXPECT_GT(passes, 0);
  const auto [second, more] = begin(cache, kRows);
  EXPECT_EQ(more, 0);
  EXPECT_TRUE(at::equal(first, second));
}

TEST(KeptCache, OtherRowsBeginAnew) {
  KeptCache cache;
  cache.make(tiny_model(), 2, 64);
  begin(cache, kRows);
  Rows other = kRows;
  other[0][1] = 7;
  const auto [hidden, passes] = begin(cache, other);
  EXPECT_GT(passes, 0);
  KeptCache fresh;
  fresh.make(tiny_model(), 2, 64);
  EXPECT_TRUE(at::equal(hidden, begin(fresh, other).first));
  EXPECT_GT(begin(cache, {kRows[0]}).second, 0);
  EXPECT_GT(begin(cache, kRows).second, 0);
  cache.make(tiny_model(), 2, 65);  // a new one knows nothing
  EXPECT_GT(begin(cache, kRows).second, 0);
}

TEST(KeptCache, PicturesAreThoseDrawnAlone) {
  DecodingOptions windows;
  windows.mode = "mc";
  windows.window = 8;
  for (const DecodingOptions& options : {DecodingOptions(), windows}) {
    KeptCache cache;
    for (const std::uint64_t seed : {3, 4, 3, 5}) {
      KeptCache fresh;
      const Decoded alone = draw(fresh, request_of(seed, options));
      const Decoded shared = draw(cache, request_of(seed, options));
      EXPECT_EQ(shared.codes.values, alone.codes.values) << seed;
      EXPECT_EQ(shared.stats.prompt_tokens, alone.stats.prompt_tokens);
      EXPECT_EQ(shared.stats.passes, alone.stats.passes);
    }
  }
}

TEST(KeptCache, WindowsAndStepsMayTakeTurns) {
  DecodingOptions windows;
  windows.mode = "gum";
  windows.window = 4;
  KeptCache cache, fresh;
  const Decoded alone = draw(fresh, request_of(3));
  draw(cache, request_of(9, windows));  // writes the last token of the header again
  EXPECT_EQ(draw(cache, request_of(3)).codes.values, alone.codes.values);
}

TEST(KeptCache, APrefillThatWasStoppedIsForgotten) {
  KeptCache cache;
  cache.make(tiny_model(), 2, 64);
  begin(cache, kRows);
  Rows other = kRows;
  other[0][1] = 7;
  CancellationFlag flag;
  flag.cancel();
  const Monitor stopped(nullptr, &flag);
  Context context(tiny_model(), cache, stopped);
  for (const auto& row : other) context.add_row(row);
  expect_error(ErrorCode::kCancelled, "", [&] { context.advance(); });
  EXPECT_GT(begin(cache, kRows).second, 0);
}

}  // namespace
}  // namespace lumina::decoding
