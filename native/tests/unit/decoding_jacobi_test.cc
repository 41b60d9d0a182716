// The Jacobi modes on recipe weights.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <limits>
#include <numeric>

#include "decoding/decode.h"
#include "sampling/picture_layout.h"
#include "support/expect_error.h"
#include "support/recipe_model.h"

namespace lumina::decoding {
namespace {

using lumina::testing::expect_error;
using lumina::testing::tiny_config;
using sampling::PictureLayout;

constexpr const char* kModes[] = {"mc", "gum", "sjd", "ref", "mc-lambda"};

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
            const TokenIds& ids = lumina::testing::tiny_token_ids(),
            const Monitor& monitor = Monitor()) {
  KeptCache cache;
  return decode(model, cache, ids, request, monitor);
}

DecodeRequest with(DecodeRequest request, const std::string& mode, int window) {
  request.decoding.mode = mode;
  request.decoding.window = window;
  return request;
}

void expect_equal_to_sequential(const DecodeRequest& request,
                                const model::Transformer& model = tiny_model(),
                                const TokenIds& ids = lumina::testing::tiny_token_ids()) {
  const Decoded expected = run(request, model, ids);
  for (const int window : {4, 8, 16, 32}) {
    const Decoded decoded = run(with(request, "gum", window), model, ids);
    EXPECT_EQ(decoded.tokens, expected.tokens) << "window " << window;
    EXPECT_EQ(decoded.complete, expected.complete);
  }
}

TEST(Jacobi, FixedNoiseGivesTheSequentialPicture) {
  for (const double scale : {1.0, 4.0}) {
    DecodeRequest request = request_of(1, 1);
    request.sampling.guidance_scale = scale;
    expect_equal_to_sequential(request);
    request.grid_columns = 3;
    expect_equal_to_sequential(request);
    request.grid_rows = 2;
    expect_equal_to_sequential(request);
    request.grid_rows = 6;
    request.grid_columns = 2;
    expect_equal_to_sequential(request);
  }
}

TEST(Jacobi, FixedNoiseGivesTheSequentialPictureBehindGivenRows) {
  for (const int rows : {1, 4, 6, 7}) {  // of 8
    DecodeRequest request = request_of(2, 2);
    for (int i = 0; i < rows * 8; ++i) request.given.push_back(i * 31 % 512);
    expect_equal_to_sequential(request);
  }
}

TEST(Jacobi, FixedNoiseGivesTheSequentialPictureUpToALimit) {
  for (const std::int64_t limit : {5, 9, 13, 20}) {
    DecodeRequest request = request_of(1, 1);
    request.most_generated = limit;
    request.allow_partial = true;
    expect_equal_to_sequential(request);
  }
}

TEST(Jacobi, FixedNoiseGivesTheSequentialPictureInEveryConfiguration) {
  const auto& cases = lumina::testing::language_model_golden().at("cases");
  for (const auto& [name, golden] : cases.items()) {
    SCOPED_TRACE(name);
    auto config = checkpoint::ModelConfig::parse(golden.at("config").dump(), "golden");
    const bool released = config.vocab_size > TokenIds().grid.back();
    if (!released) {
      config.image_token_offset = tiny_config().image_token_offset;
      config.image_codebook_size = tiny_config().image_codebook_size;
    }
    const TokenIds ids = released ? TokenIds() : lumina::testing::tiny_token_ids();
    const model::Transformer model = lumina::testing::recipe_transformer(config);
    DecodeRequest request = request_of(1, 2);
    request.sampling.image_top_k = 4096;
    expect_equal_to_sequential(request, model, ids);
    for (int i = 0; i < 2 * 8; ++i) request.given.push_back(i * 31);
    expect_equal_to_sequential(request, model, ids);
  }
}

TEST(Jacobi, EveryModeMakesAWholePicture) {
  for (const char* mode : kModes) {
    for (const char* initialization : {"auto", "random", "left", "above", "neighbour"}) {
      SCOPED_TRACE(std::string(mode) + " " + initialization);
      DecodeRequest request = with(request_of(2, 2), mode, 8);
      request.decoding.initialization = initialization;
      const Decoded decoded = run(request);
      const PictureLayout layout(2, 2);
      ASSERT_EQ(static_cast<std::int64_t>(decoded.tokens.size()), layout.length());
      for (std::int64_t k = 0; k < layout.body_length(); ++k) {
        const std::int32_t token = decoded.tokens[3 + k];
        switch (layout.kind(k)) {
          case PictureLayout::Kind::kNewLine: EXPECT_EQ(token, 3) << k; break;
          case PictureLayout::Kind::kEnd: EXPECT_EQ(token, 2) << k; break;
          case PictureLayout::Kind::kCode: EXPECT_GE(token, 512) << k; EXPECT_LT(token, 1024) << k;
        }
      }
      EXPECT_TRUE(decoded.complete);
      EXPECT_EQ(run(request).tokens, decoded.tokens);
    }
  }
}

TEST(Jacobi, StatisticsAddUp) {
  for (const char* mode : {"sequential", "mc", "mc-lambda"}) {
    const Stats stats = run(with(request_of(2, 2), mode, 16)).stats;
    std::int64_t passes = 0;
    std::int64_t codes = 0;
    for (std::size_t n = 0; n < stats.codes_per_pass_count(); ++n) {
      passes += stats.codes_per_pass_data()[n];
      codes += stats.codes_per_pass_data()[n] * static_cast<std::int64_t>(n);
    }
    EXPECT_EQ(codes, 64) << mode;
    const bool sequential = std::string(mode) == "sequential";
    EXPECT_EQ(passes, stats.passes + (sequential ? 1 : 0)) << mode;  // the prefill decides one
    EXPECT_GT(stats.model_seconds, 0.0);
    EXPECT_GT(stats.sampling_seconds, 0.0);
    EXPECT_LE(stats.model_seconds + stats.sampling_seconds, stats.decode_seconds);
    EXPECT_EQ(stats.law_shift > 0.0, std::string(mode) == "mc-lambda");
    EXPECT_EQ(stats.generated_tokens, 8 * 9 + 1);
    EXPECT_EQ(stats.window, sequential ? 1 : 16);
  }
}

TEST(Jacobi, WindowsNeedRoomBehindThePicture) {
  const CacheNeed plain = cache_need(request_of(2, 2));
  const CacheNeed wide = cache_need(with(request_of(2, 2), "mc", 32));
  EXPECT_EQ(wide.rows, plain.rows);
  EXPECT_EQ(wide.capacity, plain.capacity + 32);
}

TEST(Jacobi, TheFlagStopsWithinOnePass) {
  class Stop : public Observer {
   public:
    bool on_progress(const Progress& progress) override {
      if (progress.tokens_done > 0) flag.cancel();
      ++calls;
      return true;
    }
    CancellationFlag flag;
    int calls = 0;
  } stop;
  expect_error(ErrorCode::kCancelled, "cancelled", [&] {
    run(with(request_of(2, 2), "mc", 8), tiny_model(), lumina::testing::tiny_token_ids(),
        Monitor(&stop, &stop.flag));
  });
  EXPECT_EQ(stop.calls, 3);  // prefill, begin, and the first pass
}

TEST(Jacobi, BrokenWeightsStopWithTheStep) {
  const model::Transformer broken = lumina::testing::changed_transformer(
      tiny_config(), [](const std::string& name, std::vector<float>& values) {
        if (name == "lm_head.weight") values[600 * 64] = std::numeric_limits<float>::quiet_NaN();
      });
  for (const char* mode : kModes) {
    expect_error(ErrorCode::kNumerical, "step 1: the logit of token 600 is not a number",
                 [&] { run(with(request_of(1, 1), mode, 8), broken); });
  }
}

TEST(Jacobi, RefusesDynamicAnglesBeyondTheModelsPositions) {
  checkpoint::ModelConfig config = tiny_config();
  config.rope_scaling.type = checkpoint::RopeScaling::Type::kDynamic;
  config.rope_scaling.factor = 2.0;
  config.max_position_embeddings = 64;
  const model::Transformer model = lumina::testing::recipe_transformer(config);
  EXPECT_NO_THROW(run(with(request_of(1, 1), "mc", 8), model));
  EXPECT_NO_THROW(run(request_of(2, 2), model));
  expect_error(ErrorCode::kInvalidArgument, "positions, more than the 64 of the model",
               [&] { run(with(request_of(2, 2), "mc", 8), model); });
}

TEST(Jacobi, RefusesBadOptions) {
  DecodeRequest request = with(request_of(1, 1), "fastest", 8);
  expect_error(ErrorCode::kInvalidArgument, "decoding mode is 'fastest'", [&] { run(request); });
  request = with(request_of(1, 1), "mc", 2);
  expect_error(ErrorCode::kInvalidArgument, "window is 2", [&] { run(request); });
}

}  // namespace
}  // namespace lumina::decoding
