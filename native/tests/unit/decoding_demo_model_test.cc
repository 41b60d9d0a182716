// The Jacobi modes on the demo model, which draws: that fixed noise gives the sequential picture,
// and that whole pictures are as likely as their law says.
#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <cmath>

#include "api/loading.h"
#include "decoding/context.h"
#include "decoding/decode.h"
#include "decoding/place_sampler.h"
#include "sampling/options.h"
#include "support/places.h"

namespace lumina::decoding {
namespace {

using Tokens = std::vector<std::int32_t>;

// "Generate an image of 96x96 according to the following prompt:\n" and a scene, by its tokenizer.
const Tokens kPrompt = {517, 314, 485, 277, 288, 220, 24,  21,  87,  24,  21, 453,
                        443, 261, 455, 454, 316, 64,  372, 335, 258, 366, 537};

TokenIds demo_token_ids() {
  TokenIds ids;
  ids.image_start = 518;
  ids.image_end = 519;
  ids.new_line = 520;
  ids.grid.assign(7, 0);
  for (std::int32_t n = 0; n < 7; ++n) ids.grid[n] = 520 + n;
  return ids;
}

const model::Transformer& demo_model() {
  static const api::Loaded loaded = [] {
    EngineOptions options;
    options.model_dir = testing::demo_model();
    options.dtype = "fp32";
    options.token_ids = demo_token_ids();
    return api::load(options);
  }();
  return *loaded.transformer;
}

DecodeRequest request_of(int grid_rows, int grid_columns) {
  DecodeRequest request;
  request.prompt = kPrompt;
  request.grid_rows = grid_rows;
  request.grid_columns = grid_columns;
  request.sampling.guidance_scale = 3.0;
  request.sampling.image_top_k = 1024;
  request.sampling.seed = 5;
  return request;
}

Decoded run(DecodeRequest request, const std::string& mode, int window) {
  KeptCache cache;
  request.decoding.mode = mode;
  request.decoding.window = window;
  return decode(demo_model(), cache, demo_token_ids(), request, Monitor());
}

void expect_equal_to_sequential(const DecodeRequest& request) {
  const Decoded expected = run(request, "sequential", 0);
  for (const int window : {4, 8, 16, 32}) {
    EXPECT_EQ(run(request, "gum", window).tokens, expected.tokens) << "window " << window;
  }
}

TEST(DemoModelJacobi, FixedNoiseGivesTheSequentialPicture) {
  expect_equal_to_sequential(request_of(3, 3));
  expect_equal_to_sequential(request_of(1, 1));
  expect_equal_to_sequential(request_of(2, 1));
}

TEST(DemoModelJacobi, FixedNoiseGivesTheSequentialPictureBehindGivenRows) {
  const Tokens upper = run(request_of(3, 3), "sequential", 0).codes.values;
  DecodeRequest request = request_of(6, 3);
  request.given = upper;
  expect_equal_to_sequential(request);
}

struct Surprise {
  double excess = 0.0;  // mean of -log p - entropy over the codes
  double error = 0.0;   // its standard error, by the laws: a sample's own misses rare surprises
};

// By the laws of sequential decoding, all places in one pass behind the finished tokens.
Surprise surprise(const std::string& mode, int window, int pictures) {
  const c10::InferenceMode guard;
  const model::Transformer& model = demo_model();
  const sampling::CodeRange codes{static_cast<std::int32_t>(model.config().image_token_offset),
                                  static_cast<std::int32_t>(model.config().image_codebook_size)};
  const sampling::PictureLayout layout(3, 3);
  DecodeRequest request = request_of(3, 3);
  request.sampling.temperature = 1.5;  // laws wide enough for guesses to fail often
  sampling::Chain chain(sampling::resolve(request.sampling));
  PlaceSampler sampler(chain, layout, codes, 0);
  KeptCache cache;
  cache.make(model, 2, 256);
  sampling::Law law;
  double sum = 0.0;
  double variance = 0.0;
  double count = 0.0;
  for (int picture = 0; picture < pictures; ++picture) {
    request.sampling.seed = 1000 + picture;
    const Tokens tokens = run(request, mode, window).tokens;  // START .. END
    const Monitor monitor;
    Context context(model, cache, monitor);
    Tokens row = kPrompt;
    row.insert(row.end(), tokens.begin(), tokens.begin() + sampling::PictureLayout::kHeader);
    context.add_row(row);
    context.add_row({row.end() - sampling::PictureLayout::kHeader, row.end()});
    context.advance();
    // The last token of the header again, and the body but its end.
    const at::Tensor body = at::tensor(Tokens(tokens.begin() + 2, tokens.end() - 1), at::kLong);
    const at::Tensor hidden = context.look_ahead({0}, {1}, body.expand({2, -1}).contiguous());
    const at::Tensor logits = model.logits(hidden, codes.first, codes.count).contiguous();
    for (std::int64_t place = 0; place < layout.body_length(); ++place) {
      if (layout.kind(place) != sampling::PictureLayout::Kind::kCode) continue;
      CodeLogits at_place;
      at_place.conditional = logits[0][place].const_data_ptr<float>();
      at_place.unconditional = logits[1][place].const_data_ptr<float>();
      sampler.law(place, at_place, law);
      double entropy = 0.0;
      double second_moment = 0.0;
      for (const float p : law) {
        if (p == 0.0f) continue;
        const double information = -std::log(static_cast<double>(p));
        entropy += p * information;
        second_moment += p * information * information;
      }
      const double p = law[static_cast<std::size_t>(tokens[3 + place] - codes.first)];
      sum += -std::log(p) - entropy;
      variance += second_moment - entropy * entropy;
      count += 1.0;
    }
  }
  Surprise result;
  result.excess = sum / count;
  result.error = std::sqrt(variance) / count;
  return result;
}

// docs/spec/jacobi.md 1.17, T2: the excess is 0 on average if the law is that of the model. Where
// the reference redraws a rejected code it draws from the wrong law, which the same pictures show.
TEST(DemoModelJacobi, PicturesAreAsLikelyAsTheyShouldBe) {
  constexpr int kWindow = 16;
  constexpr int kPictures = 32;
  for (const char* mode : {"mc", "sjd", "gum"}) {  // the pictures of gum are the sequential ones
    const Surprise exact = surprise(mode, kWindow, kPictures);
    EXPECT_LT(std::abs(exact.excess), 3 * exact.error) << mode << ": " << exact.excess;
  }
  const Surprise reference = surprise("ref", kWindow, kPictures);
  EXPECT_GT(reference.excess, 4 * reference.error) << reference.excess;
}

}  // namespace
}  // namespace lumina::decoding
