// Likelihoods of pictures on recipe weights, against the same computed one token at a time.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "decoding/likelihood.h"
#include "sampling/guidance.h"
#include "sampling/picture_layout.h"
#include "support/expect_error.h"
#include "support/recipe_model.h"

namespace lumina::decoding {
namespace {

using lumina::testing::expect_error;
using lumina::testing::tiny_config;
using sampling::PictureLayout;
using Values = std::vector<std::int32_t>;

constexpr double kRounding = 1e-4;

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

// Some codes to score, whoever drew them.
Values some_codes(std::int64_t count) {
  const auto ids = lumina::testing::some_ids(count, 512, 9);
  return {ids.begin(), ids.end()};
}

double score(const DecodeRequest& request, const Values& drawn,
             std::int64_t window = kLikelihoodWindow,
             const model::Transformer& model = tiny_model(), const Monitor& monitor = Monitor()) {
  KeptCache cache;
  return log_likelihood(model, cache, lumina::testing::tiny_token_ids(), request, drawn, monitor,
                        window);
}

// Logits of the image codes behind each token, fed one by one: [T, 512].
at::Tensor logits_behind(const Values& tokens) {
  const model::Transformer& model = tiny_model();
  model::KvCache cache = model.new_cache(1, static_cast<std::int64_t>(tokens.size()));
  std::vector<at::Tensor> logits;
  for (const std::int32_t token : tokens) {
    const at::Tensor hidden = model.forward({0}, lumina::testing::ids_tensor({{token}}), cache);
    logits.push_back(model.logits(hidden[0][0], 512, 512));
  }
  return at::stack(logits);
}

double score_step_by_step(const DecodeRequest& request, const Values& drawn) {
  const PictureLayout layout(request.grid_rows, request.grid_columns);
  Values codes = request.given;
  codes.insert(codes.end(), drawn.begin(), drawn.end());
  Values picture = {1, 16 + request.grid_rows, 16 + request.grid_columns};
  std::vector<std::size_t> places;  // in `picture`, of the codes that count
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (i >= request.given.size()) places.push_back(picture.size());
    picture.push_back(512 + codes[i]);
    if ((i + 1) % layout.columns() == 0) picture.push_back(3);
  }
  Values with_text = request.prompt;
  with_text.insert(with_text.end(), picture.begin(), picture.end());
  const at::Tensor conditional = logits_behind(with_text).slice(0, request.prompt.size());
  const at::Tensor unconditional = logits_behind(picture);
  const std::int64_t given_rows = request.given.size() / layout.columns();
  const sampling::GuidanceScale scale(sampling::resolve(request.sampling).guidance_schedule,
                                      request.sampling.guidance_scale, layout,
                                      2 + given_rows * layout.row_length());
  double sum = 0.0;
  for (const std::size_t place : places) {
    const auto before = static_cast<std::int64_t>(place) - 1;
    const at::Tensor guided =
        at::lerp(unconditional[before], conditional[before], scale.at(before));
    sum += at::log_softmax(guided, 0)[picture[place] - 512].item<double>();
  }
  return sum / static_cast<double>(drawn.size());
}

TEST(Likelihood, IsTheMeanOfTheStepsTakenOneByOne) {
  for (const double scale : {0.0, 1.0, 4.0}) {
    DecodeRequest request = request_of(1, 2);
    request.sampling.guidance_scale = scale;
    const Values drawn = some_codes(4 * 8);
    EXPECT_NEAR(score(request, drawn), score_step_by_step(request, drawn), kRounding) << scale;
  }
  DecodeRequest decaying = request_of(2, 1);
  decaying.sampling.guidance_scale = 9.0;
  decaying.sampling.guidance_schedule = "reference";
  const Values drawn = some_codes(8 * 4);
  EXPECT_NEAR(score(decaying, drawn), score_step_by_step(decaying, drawn), kRounding);
  EXPECT_GT(std::abs(score(decaying, drawn) - score(request_of(2, 1), drawn)), 1e-3);
}

TEST(Likelihood, OnlyWhatTheModelDrewCounts) {
  DecodeRequest request = request_of(2, 1);
  const Values codes = some_codes(8 * 4);
  const auto rows = [&](int first, int last) {
    return Values(codes.begin() + first * 4, codes.begin() + last * 4);
  };
  const double whole = score(request, codes);
  const double upper = score(request, rows(0, 5));  // a picture need not be complete
  request.given = rows(0, 5);
  const double lower = score(request, rows(5, 8));
  EXPECT_NEAR(lower, score_step_by_step(request, rows(5, 8)), kRounding);
  EXPECT_NEAR(whole * 8, upper * 5 + lower * 3, 8 * kRounding);
  EXPECT_GT(std::abs(upper - lower), 1e-2);
}

TEST(Likelihood, IsTheSameInWindowsOfEverySize) {
  DecodeRequest request = request_of(3, 2);
  const Values drawn = some_codes(12 * 8);
  const double expected = score(request, drawn);
  for (const std::int64_t window : {1, 2, 9, 64, 100, 107, 108, 5000}) {
    EXPECT_NEAR(score(request, drawn, window), expected, kRounding) << window;
  }
}

TEST(Likelihood, SamplingAndDecodingOptionsPlayNoPart) {
  DecodeRequest request = request_of(1, 1);
  const Values drawn = some_codes(16);
  const double expected = score(request, drawn);
  request.sampling.seed = 77;
  request.sampling.image_top_k = 1;
  request.sampling.temperature = 0.3;
  request.decoding.mode = "mc";
  EXPECT_EQ(score(request, drawn), expected);
  request.sampling.mode = "reference";
  EXPECT_EQ(score(request, drawn), expected);
  request.sampling.guidance_scale = 2.0;
  EXPECT_NE(score(request, drawn), expected);
}

TEST(Likelihood, GreedyPicturesAreLikelierThanNoise) {
  DecodeRequest request = request_of(2, 2);
  request.sampling.image_top_k = 1;
  KeptCache cache;
  const TokenIds ids = lumina::testing::tiny_token_ids();
  const Decoded greedy = decode(tiny_model(), cache, ids, request, Monitor());
  // In the cache that the picture was made in.
  const double likelihood =
      log_likelihood(tiny_model(), cache, ids, request, greedy.codes.values, Monitor());
  EXPECT_NEAR(likelihood, score(request, greedy.codes.values), kRounding);
  EXPECT_GT(likelihood, -std::log(512.0));
  EXPECT_GT(likelihood, score(request, some_codes(8 * 8)));
}

TEST(Likelihood, TheFlagStopsIt) {
  CancellationFlag flag;
  flag.cancel();
  expect_error(ErrorCode::kCancelled, "cancelled", [&] {
    score(request_of(1, 1), some_codes(16), 4, tiny_model(), Monitor(nullptr, &flag));
  });
}

TEST(Likelihood, BrokenWeightsAreToldWithTheStep) {
  const model::Transformer broken = lumina::testing::changed_transformer(
      tiny_config(), [](const std::string& name, std::vector<float>& values) {
        if (name == "lm_head.weight") values[600 * 64] = std::numeric_limits<float>::quiet_NaN();
      });
  expect_error(ErrorCode::kNumerical, "step 1: the logit of token 600 is not a number",
               [&] { score(request_of(1, 1), some_codes(16), 256, broken); });
}

TEST(Likelihood, RefusesDynamicAnglesBeyondTheModelsPositions) {
  checkpoint::ModelConfig config = tiny_config();
  config.rope_scaling.type = checkpoint::RopeScaling::Type::kDynamic;
  config.rope_scaling.factor = 2.0;
  config.max_position_embeddings = 64;
  const model::Transformer model = lumina::testing::recipe_transformer(config);
  EXPECT_NO_THROW(score(request_of(1, 1), some_codes(16), 256, model));
  expect_error(ErrorCode::kInvalidArgument, "positions, more than the 64 of the model",
               [&] { score(request_of(2, 2), some_codes(64), 256, model); });
}

TEST(Likelihood, RefusesCodesThatAreNoneOfThePicture) {
  const auto refused = [](const std::string& text, const DecodeRequest& request,
                          const Values& drawn) {
    expect_error(ErrorCode::kInvalidArgument, text, [&] { score(request, drawn); });
  };
  DecodeRequest request = request_of(1, 1);
  refused("0 codes are no whole rows of 4, one to 4", request, {});
  refused("15 codes are no whole rows of 4", request, some_codes(15));
  refused("20 codes are no whole rows of 4, one to 4", request, some_codes(20));
  refused("image code 512 is outside the codebook of 512", request, {1, 2, 512, 3});
  refused("image code -1 ", request, {1, 2, -1, 3});
  request.given = some_codes(8);
  refused("12 codes are no whole rows of 4, one to 2", request, some_codes(12));
  request.prompt.clear();
  refused("the prompt has no token", request, some_codes(8));
}

}  // namespace
}  // namespace lumina::decoding
