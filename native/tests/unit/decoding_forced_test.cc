// Pictures with a forced header, on a tiny recipe model.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "decoding/decode.h"
#include "sampling/chain.h"
#include "sampling/guidance.h"
#include "sampling/picture_layout.h"
#include "support/expect_error.h"
#include "support/recipe_model.h"

namespace lumina::decoding {
namespace {

using lumina::testing::expect_error;
using lumina::testing::ids_tensor;
using lumina::testing::tiny_config;
using sampling::PictureLayout;

const model::Transformer& tiny_model() {
  static const model::Transformer model = lumina::testing::recipe_transformer(tiny_config());
  return model;
}

DecodeRequest request_of(int grid_rows, int grid_columns) {
  DecodeRequest request;
  request.prompt = {200, 201, 202, 203, 204};
  request.grid_rows = grid_rows;
  request.grid_columns = grid_columns;
  request.sampling.image_top_k = 100;
  request.sampling.seed = 3;
  return request;
}

Decoded run(const DecodeRequest& request, const model::Transformer& model = tiny_model(),
            const Monitor& monitor = Monitor()) {
  KeptCache cache;
  return decode(model, cache, lumina::testing::tiny_token_ids(), request, monitor);
}

// Records progress, and stops after `limit` calls by its return value or by the flag.
class Recorder : public Observer {
 public:
  bool on_progress(const Progress& progress) override {
    seen.push_back(progress);
    if (seen.size() < limit) return true;
    if (flag != nullptr) {
      flag->cancel();
      return true;
    }
    return false;
  }

  std::vector<Progress> seen;
  std::size_t limit = std::numeric_limits<std::size_t>::max();
  CancellationFlag* flag = nullptr;
};

TEST(ForcedDecoding, StructureTokensStandWhereTheyBelong) {
  const Decoded decoded = run(request_of(1, 2));
  const PictureLayout layout(1, 2);
  ASSERT_EQ(static_cast<std::int64_t>(decoded.tokens.size()), layout.length());
  EXPECT_EQ(decoded.tokens[0], 1);
  EXPECT_EQ(decoded.tokens[1], 17);
  EXPECT_EQ(decoded.tokens[2], 18);
  for (std::int64_t k = 0; k < layout.body_length(); ++k) {
    const std::int32_t token = decoded.tokens[3 + k];
    switch (layout.kind(k)) {
      case PictureLayout::Kind::kNewLine: EXPECT_EQ(token, 3) << k; break;
      case PictureLayout::Kind::kEnd: EXPECT_EQ(token, 2) << k; break;
      case PictureLayout::Kind::kCode: EXPECT_GE(token, 512) << k; EXPECT_LT(token, 1024) << k;
    }
  }
  EXPECT_TRUE(decoded.complete);
  EXPECT_EQ(decoded.rows_expected, 4);
  EXPECT_EQ(decoded.codes.rows, 4);
  EXPECT_EQ(decoded.codes.columns, 8);
  EXPECT_EQ(decoded.codes.values.size(), 32u);
  EXPECT_EQ(decoded.codes.values[9], decoded.tokens[3 + 10] - 512);
}

TEST(ForcedDecoding, ForcedTokensCostNoPass) {
  const Decoded decoded = run(request_of(1, 2));
  // The prefill predicts the first of 32 codes; newlines ride along and the end needs no pass.
  EXPECT_EQ(decoded.stats.passes, 31);
  EXPECT_EQ(decoded.stats.generated_tokens, 4 * 9 + 1);
  EXPECT_EQ(decoded.stats.prompt_tokens, 5 + 3);
}

TEST(ForcedDecoding, TheSeedAloneDecides) {
  DecodeRequest request = request_of(1, 1);
  const Decoded first = run(request);
  EXPECT_EQ(run(request).codes.values, first.codes.values);
  request.sampling.seed = 4;
  EXPECT_NE(run(request).codes.values, first.codes.values);
}

TEST(ForcedDecoding, ACacheUsedBeforeChangesNothing) {
  const DecodeRequest request = request_of(1, 1);
  const Decoded expected = run(request);
  KeptCache cache;
  const TokenIds ids = lumina::testing::tiny_token_ids();
  decode(tiny_model(), cache, ids, request_of(2, 2), Monitor());
  const model::KvCache* used = cache.get();
  const Decoded decoded = decode(tiny_model(), cache, ids, request, Monitor());
  EXPECT_EQ(cache.get(), used);
  EXPECT_EQ(decoded.codes.values, expected.codes.values);
}

// The picture again, from one pass per row over the finished sequence: `scale` of conditional and
// unconditional logits, the same chain, the same noise.
void expect_replay(const DecodeRequest& request, const Decoded& decoded) {
  const model::Transformer& model = tiny_model();
  const PictureLayout layout(request.grid_rows, request.grid_columns);
  const auto logits_of = [&](const std::vector<std::int32_t>& tokens) {
    model::KvCache cache = model.new_cache(1, static_cast<std::int64_t>(tokens.size()));
    const at::Tensor hidden = model.forward(
        {0}, ids_tensor({std::vector<std::int64_t>(tokens.begin(), tokens.end())}), cache)[0];
    return model.logits(hidden, 512, 512).contiguous();  // [T, 512]
  };
  std::vector<std::int32_t> with_text = request.prompt;
  with_text.insert(with_text.end(), decoded.tokens.begin(), decoded.tokens.end());
  const at::Tensor conditional = logits_of(with_text);
  const at::Tensor unconditional = logits_of(decoded.tokens);

  sampling::Chain chain(sampling::resolve(request.sampling));
  const std::int64_t text = static_cast<std::int64_t>(request.prompt.size());
  const std::int64_t given =
      static_cast<std::int64_t>(request.given.size()) / layout.columns() * layout.row_length();
  const bool guided = request.sampling.guidance_scale != 1.0;
  for (std::int64_t k = given; k < layout.body_length(); ++k) {
    if (layout.kind(k) != PictureLayout::Kind::kCode) continue;
    const std::int64_t before = 2 + k;  // index of the token before, from image start
    sampling::Logits logits;
    logits.conditional = conditional[text + before].const_data_ptr<float>();
    if (guided) logits.unconditional = unconditional[before].const_data_ptr<float>();
    logits.count = 512;
    logits.first_id = 512;
    EXPECT_EQ(decoded.tokens[3 + k],
              chain.pick(logits, request.sampling.guidance_scale, request.sampling.image_top_k, 1,
                         sampling::NoiseStream::kPicture, before))
        << "token " << k;
  }
}

TEST(ForcedDecoding, GuidanceInOneBatchEqualsTwoSeparateRuns) {
  DecodeRequest request = request_of(1, 2);
  request.sampling.guidance_scale = 3.0;
  expect_replay(request, run(request));
  request.sampling.guidance_scale = 0.0;
  expect_replay(request, run(request));
  request.sampling.temperature = 0.7;
  request.sampling.image_top_k = 1;
  expect_replay(request, run(request));
}

TEST(ForcedDecoding, GuidanceOneRunsOneRow) {
  DecodeRequest request = request_of(1, 2);
  request.sampling.guidance_scale = 1.0;
  KeptCache cache;
  const Decoded decoded =
      decode(tiny_model(), cache, lumina::testing::tiny_token_ids(), request, Monitor());
  EXPECT_EQ(cache.get()->rows(), 1);
  expect_replay(request, decoded);
  request.sampling.guidance_scale = 2.0;
  EXPECT_NE(run(request).codes.values, decoded.codes.values);
}

TEST(ForcedDecoding, GivenRowsStayAndSteerBothRows) {
  DecodeRequest request = request_of(2, 1);
  for (int i = 0; i < 16; ++i) request.given.push_back(i * 31 % 512);
  const Decoded decoded = run(request);
  EXPECT_EQ(decoded.codes.rows, 8);
  EXPECT_EQ(
      std::vector<std::int32_t>(decoded.codes.values.begin(), decoded.codes.values.begin() + 16),
      request.given);
  EXPECT_EQ(decoded.stats.generated_tokens, 4 * 5 + 1);
  EXPECT_EQ(decoded.stats.prompt_tokens, 5 + 3 + 4 * 5);
  expect_replay(request, decoded);
}

TEST(ForcedDecoding, ALongPromptIsPrefilledInChunks) {
  DecodeRequest request = request_of(1, 1);
  request.prompt.clear();
  for (const std::int64_t id : lumina::testing::some_ids(600, 100, 4)) {
    request.prompt.push_back(static_cast<std::int32_t>(300 + id));
  }
  expect_replay(request, run(request));
}

TEST(ForcedDecoding, ProgressCountsRowsAndTokens) {
  DecodeRequest request = request_of(2, 1);
  for (int i = 0; i < 8; ++i) request.given.push_back(i);
  Recorder recorder;
  run(request, tiny_model(), Monitor(&recorder));
  // Prefill, begin of decoding, then one per code.
  ASSERT_EQ(recorder.seen.size(), 2u + 6u * 4u);
  EXPECT_EQ(recorder.seen[0].phase, Progress::kPrefill);
  EXPECT_EQ(recorder.seen[0].rows_done, 2);
  EXPECT_EQ(recorder.seen[0].rows_total, 8);
  EXPECT_EQ(recorder.seen[1].phase, Progress::kDecode);
  EXPECT_EQ(recorder.seen[1].tokens_done, 0);
  for (std::size_t i = 1; i < recorder.seen.size(); ++i) {
    EXPECT_EQ(recorder.seen[i].tokens_total, 6 * 5 + 1);
    EXPECT_EQ(recorder.seen[i].rows_total, 8);
    EXPECT_GE(recorder.seen[i].rows_done, recorder.seen[i - 1].rows_done);
    EXPECT_GE(recorder.seen[i].seconds, recorder.seen[i - 1].seconds);
    if (i > 1) {
      EXPECT_GT(recorder.seen[i].tokens_done, recorder.seen[i - 1].tokens_done);
    }
  }
  EXPECT_EQ(recorder.seen[5].rows_done, 3);
  EXPECT_EQ(recorder.seen.back().rows_done, 8);
  EXPECT_EQ(recorder.seen.back().tokens_done, 31);
}

TEST(ForcedDecoding, AnObserverStopsTheRequest) {
  for (const std::size_t limit : {1, 2, 9}) {
    Recorder recorder;
    recorder.limit = limit;
    expect_error(ErrorCode::kCancelled, "cancelled",
                 [&] { run(request_of(1, 1), tiny_model(), Monitor(&recorder)); });
    EXPECT_EQ(recorder.seen.size(), limit);
  }
}

TEST(ForcedDecoding, TheFlagStopsWithinOneStep) {
  CancellationFlag flag;
  Recorder recorder;
  recorder.limit = 5;
  recorder.flag = &flag;
  expect_error(ErrorCode::kCancelled, "cancelled",
               [&] { run(request_of(1, 1), tiny_model(), Monitor(&recorder, &flag)); });
  EXPECT_EQ(recorder.seen.size(), 5u);
}

TEST(ForcedDecoding, AFlagSetBeforeStopsBeforeTheFirstPass) {
  CancellationFlag flag;
  std::thread([&] { flag.cancel(); }).join();
  int passes = 0;
  class Count : public Observer {
   public:
    explicit Count(int& calls) : calls_(calls) {}
    bool on_progress(const Progress&) override { return ++calls_ > 0; }

   private:
    int& calls_;
  } observer(passes);
  expect_error(ErrorCode::kCancelled, "cancelled",
               [&] { run(request_of(1, 1), tiny_model(), Monitor(&observer, &flag)); });
  EXPECT_LE(passes, 1);
}

TEST(ForcedDecoding, TheLimitLeavesAPartialPictureOrAnError) {
  DecodeRequest request = request_of(1, 1);
  const Decoded complete = run(request);
  request.most_generated = 13;  // two rows, newlines included, and three codes
  expect_error(ErrorCode::kIncomplete, "the picture has 2 of 4 rows: the limit of 13 tokens",
               [&] { run(request); });
  request.allow_partial = true;
  const Decoded partial = run(request);
  EXPECT_FALSE(partial.complete);
  EXPECT_EQ(partial.codes.rows, 2);
  EXPECT_EQ(partial.rows_expected, 4);
  EXPECT_EQ(partial.stats.generated_tokens, 13);
  EXPECT_EQ(partial.codes.values, std::vector<std::int32_t>(complete.codes.values.begin(),
                                                            complete.codes.values.begin() + 8));
}

TEST(ForcedDecoding, APartialPictureHasAtLeastOneRow) {
  DecodeRequest request = request_of(1, 1);
  request.most_generated = 3;
  request.allow_partial = true;
  expect_error(ErrorCode::kIncomplete, "the picture has 0 of 4 rows", [&] { run(request); });
}

TEST(ForcedDecoding, BrokenWeightsStopWithTheStep) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const auto broken = [&](const std::string& tensor, std::size_t index) {
    return lumina::testing::changed_transformer(
        tiny_config(), [&](const std::string& name, std::vector<float>& values) {
          if (name == tensor) values[index] = nan;
        });
  };
  const model::Transformer bad_head = broken("lm_head.weight", 600 * 64 + 3);
  expect_error(ErrorCode::kNumerical, "step 1: the logit of token 600 is not a number",
               [&] { run(request_of(1, 1), bad_head); });
  // The newline, token 5, is read first by the step that predicts token 6.
  const model::Transformer bad_newline = broken("model.embed_tokens.weight", 3 * 64);
  expect_error(ErrorCode::kNumerical, "step 6: ", [&] { run(request_of(1, 1), bad_newline); });
  const model::Transformer bad_layer = broken("model.layers.1.mlp.down_proj.weight", 0);
  expect_error(ErrorCode::kNumerical, "step 1: ", [&] { run(request_of(1, 1), bad_layer); });
}

TEST(ForcedDecoding, RefusesBadRequests) {
  const auto refused = [](const std::string& text, auto change) {
    DecodeRequest request = request_of(1, 1);
    change(request);
    expect_error(ErrorCode::kInvalidArgument, text, [&] { run(request); });
  };
  refused("the prompt has no token", [](auto& r) { r.prompt.clear(); });
  refused("prompt token 2048 is outside the vocabulary of 2048",
          [](auto& r) { r.prompt.push_back(2048); });
  refused("prompt token -5", [](auto& r) { r.prompt.push_back(-5); });
  refused("prompt token 1 starts or ends a picture", [](auto& r) { r.prompt.push_back(1); });
  refused("side of 0 pixels", [](auto& r) { r.grid_rows = 0; });
  refused("side of 4128 pixels", [](auto& r) { r.grid_columns = 129; });
  refused("side of -32 pixels", [](auto& r) { r.grid_rows = -1; });
  refused("3 given codes are no whole rows of 4", [](auto& r) { r.given = {1, 2, 3}; });
  refused("16 given codes are no whole rows of 4, fewer than 4",
          [](auto& r) { r.given.assign(16, 0); });
  refused("given code 512 is outside the codebook of 512", [](auto& r) {
    r.given = {1, 2, 512, 3};
  });
  refused("temperature is 0", [](auto& r) { r.sampling.temperature = 0; });
  refused("limit of generated tokens is -1", [](auto& r) { r.most_generated = -1; });
  refused("side of 4294967264 pixels",
          [](auto& r) { r.grid_rows = std::numeric_limits<int>::max() / 16; });
}

}  // namespace
}  // namespace lumina::decoding
