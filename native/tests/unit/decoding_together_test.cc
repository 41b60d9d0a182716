// Pictures that are drawn side by side are the pictures of their seeds.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "decoding/decode.h"
#include "support/expect_error.h"
#include "support/recipe_model.h"

namespace lumina::decoding {
namespace {

using lumina::testing::expect_error;

const model::Transformer& tiny_model() {
  static const model::Transformer model =
      lumina::testing::recipe_transformer(lumina::testing::tiny_config());
  return model;
}

DecodeRequest request_of(const char* mode = "sequential", double guidance = 4.0) {
  DecodeRequest request;
  request.prompt = {200, 201, 202, 203, 204};
  request.grid_rows = 2;
  request.grid_columns = 1;
  request.sampling.image_top_k = 100;
  request.sampling.seed = 7;
  request.sampling.guidance_scale = guidance;
  request.decoding.mode = mode;
  if (request.decoding.mode != "sequential") request.decoding.window = 8;
  return request;
}

std::vector<Decoded> draw(const DecodeRequest& request, int count,
                          const Monitor& monitor = Monitor()) {
  KeptCache cache;
  return decode(tiny_model(), cache, lumina::testing::tiny_token_ids(), request, count, monitor);
}

// Of seeds 7, 8, .. each as it is alone; all different.
void expect_those_drawn_alone(DecodeRequest request, int count) {
  const std::vector<Decoded> together = draw(request, count);
  ASSERT_EQ(together.size(), static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const Decoded alone = draw(request, 1).front();
    EXPECT_EQ(together[i].codes.values, alone.codes.values) << "picture " << i;
    EXPECT_EQ(together[i].tokens, alone.tokens) << "picture " << i;
    EXPECT_EQ(together[i].stats.codes_per_pass, alone.stats.codes_per_pass) << "picture " << i;
    EXPECT_TRUE(together[i].complete);
    EXPECT_EQ(together[i].stats.together, count);
    if (i > 0) {
      EXPECT_NE(together[i].codes.values, together[i - 1].codes.values);
    }
    ++request.sampling.seed;
  }
}

TEST(Together, EachIsThePictureOfItsSeed) {
  for (const char* mode : {"sequential", "mc", "gum", "sjd", "ref"}) {
    for (const double guidance : {4.0, 1.0}) {
      SCOPED_TRACE(std::string(mode) + " " + std::to_string(guidance));
      expect_those_drawn_alone(request_of(mode, guidance), 3);
    }
  }
}

TEST(Together, AGivenHalfIsShared) {
  for (const char* mode : {"sequential", "mc"}) {
    DecodeRequest request = request_of(mode);
    for (int i = 0; i < 4 * 4; ++i) request.given.push_back(i * 31 % 512);
    expect_those_drawn_alone(request, 3);
  }
}

TEST(Together, TheyShareThePasses) {
  const std::vector<Decoded> one = draw(request_of(), 1);
  const std::vector<Decoded> five = draw(request_of(), 5);
  EXPECT_EQ(five[4].stats.passes, one[0].stats.passes);
  EXPECT_EQ(five[4].stats.generated_tokens, one[0].stats.generated_tokens);
  EXPECT_EQ(five[4].stats.prompt_tokens, one[0].stats.prompt_tokens);
}

TEST(Together, ThePromptIsTakenFromTheCacheThatIsKept) {
  KeptCache cache;
  const TokenIds ids = lumina::testing::tiny_token_ids();
  DecodeRequest request = request_of();
  const auto group = [&](std::uint64_t seed, int count) {
    request.sampling.seed = seed;
    return decode(tiny_model(), cache, ids, request, count, Monitor());
  };
  const std::vector<Decoded> first = group(7, 4);
  const std::vector<Decoded> again = group(8, 2);
  EXPECT_EQ(again[0].codes.values, first[1].codes.values);
  EXPECT_EQ(again[1].codes.values, first[2].codes.values);
  EXPECT_EQ(group(10, 1)[0].codes.values, first[3].codes.values);
}

TEST(Together, ALimitEndsAllOfThem) {
  DecodeRequest request = request_of();
  request.most_generated = 12;  // two rows of 4 codes and a newline, and 2 more
  expect_error(ErrorCode::kIncomplete, "2 of 8 rows", [&] { draw(request, 3); });
  request.allow_partial = true;
  for (const Decoded& decoded : draw(request, 3)) {
    EXPECT_FALSE(decoded.complete);
    EXPECT_EQ(decoded.codes.rows, 2);
  }
}

TEST(Together, WhoListensHearsOfTheOneThatIsLeastFar) {
  struct Listener : Observer {
    bool on_progress(const Progress& progress) override {
      EXPECT_EQ(progress.pictures, 3);
      rows.push_back(progress.rows_done);
      return true;
    }
    std::vector<int> rows;
  } listener;
  draw(request_of("mc"), 3, Monitor(&listener));
  EXPECT_TRUE(std::is_sorted(listener.rows.begin(), listener.rows.end()));
  EXPECT_EQ(listener.rows.back(), 8);
}

TEST(Together, HowManySuitsTheWayOfDecoding) {
  EXPECT_GT(most_together(request_of()), 1);
  EXPECT_EQ(most_together(request_of("mc")), 1);  // a window fills a pass by itself
  DecodeRequest asked = request_of("mc");
  asked.decoding.together = 5;
  EXPECT_EQ(most_together(asked), 5);
  asked.sampling.mode = "reference";  // each draws a size of its own
  EXPECT_EQ(most_together(asked), 1);
  expect_error(ErrorCode::kInvalidArgument, "side by side", [&] { draw(asked, 2); });
  expect_error(ErrorCode::kInvalidArgument, "side by side", [&] { draw(request_of(), 0); });
  for (const int wrong : {-1, 65}) {
    asked.decoding.together = wrong;
    expect_error(ErrorCode::kInvalidArgument, "1 to 64 pictures", [&] { draw(asked, 1); });
  }
}

}  // namespace
}  // namespace lumina::decoding
