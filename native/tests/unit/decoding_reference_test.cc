// Sampling as the reference does it: text, image start and grid tokens are drawn too. The model is
// scripted: without attention and MLP the next token depends on the last one alone.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <map>

#include "decoding/decode.h"
#include "support/expect_error.h"
#include "support/recipe_model.h"

namespace lumina::decoding {
namespace {

using lumina::testing::expect_error;
using lumina::testing::tiny_config;
using Script = std::vector<std::pair<std::int32_t, std::int32_t>>;

// After token `first` of a pair its `second` is all but certain; after any other token the recipe's
// weights decide. At most 16 pairs.
model::Transformer scripted(const Script& script) {
  return lumina::testing::changed_transformer(tiny_config(), [&](const std::string& name,
                                                                 std::vector<float>& values) {
    if (name.find("o_proj") != std::string::npos || name.find("down_proj") != std::string::npos) {
      std::fill(values.begin(), values.end(), 0.0f);
    }
    const bool embedding = name == "model.embed_tokens.weight";
    if (!embedding && name != "lm_head.weight") return;
    // The first 16 of 64 dimensions are the script's, one for each pair.
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i % 64 < 16) values[i] = 0.0f;
    }
    for (std::size_t pair = 0; pair < script.size(); ++pair) {
      float* row = &values[64 * (embedding ? script[pair].first : script[pair].second)];
      if (embedding) std::fill(row, row + 64, 0.0f);
      row[pair] += embedding ? 1.0f : 20.0f;
    }
  });
}

constexpr std::int32_t kStart = 1;
constexpr std::int32_t kEnd = 2;
constexpr std::int32_t kSeparator = 300;
constexpr std::int32_t kGrid = 16;

DecodeRequest reference_request() {
  DecodeRequest request;
  request.prompt = {200, 201, kSeparator};
  request.grid_rows = 1;
  request.grid_columns = 1;
  request.sampling.mode = "reference";
  request.sampling.guidance_scale = 4.0;
  request.sampling.image_top_k = 20;
  request.sampling.seed = 1;
  return request;
}

Decoded run(const model::Transformer& model, const DecodeRequest& request) {
  KeptCache cache;
  return decode(model, cache, lumina::testing::tiny_token_ids(), request, Monitor());
}

TEST(ReferenceDecoding, ThePictureHasTheSizeThatTheModelDraws) {
  // One word of text, then a picture of 2 x 1 cells although 1 x 1 was asked for.
  const model::Transformer model =
      scripted({{kSeparator, 400}, {400, kStart}, {kStart, kGrid + 2}, {kGrid + 2, kGrid + 1}});
  const Decoded decoded = run(model, reference_request());
  EXPECT_TRUE(decoded.complete);
  EXPECT_EQ(decoded.rows_expected, 8);
  EXPECT_EQ(decoded.codes.rows, 8);
  EXPECT_EQ(decoded.codes.columns, 4);
  ASSERT_EQ(decoded.tokens.size(), 3u + 8u * 5u + 1u);
  EXPECT_EQ(decoded.tokens[0], kStart);
  EXPECT_EQ(decoded.tokens[1], kGrid + 2);
  EXPECT_EQ(decoded.tokens[2], kGrid + 1);
  EXPECT_EQ(decoded.tokens.back(), kEnd);
  EXPECT_EQ(decoded.stats.generated_tokens, 1 + 3 + 8 * 5 + 1);
  EXPECT_EQ(decoded.stats.prompt_tokens, 3);
}

TEST(ReferenceDecoding, EqualsForcedDecodingWhenTheModelDrawsTheSameHeader) {
  const model::Transformer model =
      scripted({{kSeparator, kStart}, {kStart, kGrid + 2}, {kGrid + 2, kGrid + 1}});
  DecodeRequest request = reference_request();
  const Decoded drawn = run(model, request);
  request.sampling.mode = "forced";
  request.grid_rows = 2;
  const Decoded forced = run(model, request);
  EXPECT_EQ(drawn.tokens, forced.tokens);
}

TEST(ReferenceDecoding, SpeculationBeginsBehindTheDrawnHeader) {
  const model::Transformer model =
      scripted({{kSeparator, 400}, {400, kStart}, {kStart, kGrid + 2}, {kGrid + 2, kGrid + 1}});
  DecodeRequest request = reference_request();
  const Decoded sequential = run(model, request);
  request.decoding.mode = "gum";
  for (const int window : {4, 32}) {
    request.decoding.window = window;
    EXPECT_EQ(run(model, request).tokens, sequential.tokens) << window;
  }
}

TEST(ReferenceDecoding, AGivenHalfFixesTheHeader) {
  const model::Transformer model = scripted({{kSeparator, 400}});
  DecodeRequest request = reference_request();
  request.given = {1, 2, 3, 4};
  const Decoded decoded = run(model, request);
  EXPECT_TRUE(decoded.complete);
  EXPECT_EQ(decoded.codes.rows, 4);
}

TEST(ReferenceDecoding, ASizeThatIsNoneIsAnError) {
  expect_error(ErrorCode::kIncomplete,
               "no row of the picture exists: the model drew token 400 where the height belongs",
               [] {
                 run(scripted({{kSeparator, kStart}, {kStart, 400}}), reference_request());
               });
  expect_error(ErrorCode::kIncomplete, "the model drew token 2 where the width belongs", [] {
    run(scripted({{kSeparator, kStart}, {kStart, kGrid + 2}, {kGrid + 2, kEnd}}),
        reference_request());
  });
  expect_error(ErrorCode::kIncomplete, "the model drew token 16 where the height belongs", [] {
    run(scripted({{kSeparator, kStart}, {kStart, kGrid}}), reference_request());
  });
}

TEST(ReferenceDecoding, TextWithoutAPictureIsAnError) {
  expect_error(ErrorCode::kIncomplete, "the model ended after 2 tokens without one", [] {
    run(scripted({{kSeparator, 400}, {400, kEnd}}), reference_request());
  });
  DecodeRequest request = reference_request();
  request.most_generated = 600;  // longer than the room that the cache begins with
  expect_error(ErrorCode::kIncomplete, "the limit of 600 tokens is reached", [&] {
    run(scripted({{kSeparator, 400}, {400, 401}, {401, 400}}), request);
  });
}

TEST(ReferenceDecoding, TheLimitLeavesRows) {
  const model::Transformer model =
      scripted({{kSeparator, kStart}, {kStart, kGrid + 2}, {kGrid + 2, kGrid + 1}});
  DecodeRequest request = reference_request();
  request.most_generated = 3 + 2 * 5 + 4;
  expect_error(ErrorCode::kIncomplete, "the picture has 2 of 8 rows: the limit of 17 tokens",
               [&] { run(model, request); });
  request.allow_partial = true;
  const Decoded decoded = run(model, request);
  EXPECT_EQ(decoded.codes.rows, 2);
  EXPECT_EQ(decoded.stats.generated_tokens, 17);
}

}  // namespace
}  // namespace lumina::decoding
