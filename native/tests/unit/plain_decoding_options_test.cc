#include <gtest/gtest.h>

#include <limits>

#include "decoding/options.h"
#include "support/expect_error.h"

namespace lumina::decoding {
namespace {

using lumina::testing::expect_error;

DecodingOptions options(const std::string& mode) {
  DecodingOptions result;
  result.mode = mode;
  return result;
}

TEST(DecodingOptions, TheDefaultIsSequential) {
  const Speculation speculation = resolve(DecodingOptions());
  EXPECT_EQ(speculation.mode, Mode::kSequential);
  EXPECT_FALSE(speculation.on());
  EXPECT_EQ(speculation.window, 0);
}

TEST(DecodingOptions, NamesAreResolved) {
  EXPECT_EQ(resolve(options("mc")).mode, Mode::kCoupled);
  EXPECT_EQ(resolve(options("gum")).mode, Mode::kFixedNoise);
  EXPECT_EQ(resolve(options("sjd")).mode, Mode::kIndependent);
  EXPECT_EQ(resolve(options("ref")).mode, Mode::kReference);
  EXPECT_EQ(resolve(options("mc-lambda")).mode, Mode::kRelaxed);
  EXPECT_EQ(resolve(options("mc")).initialization, Initialization::kNeighbour);
  EXPECT_EQ(resolve(options("sjd")).initialization, Initialization::kRandom);
  EXPECT_EQ(resolve(options("ref")).initialization, Initialization::kRandom);
  DecodingOptions above = options("sjd");
  above.initialization = "above";
  EXPECT_EQ(resolve(above).initialization, Initialization::kAbove);
  above.initialization = "left";
  EXPECT_EQ(resolve(above).initialization, Initialization::kLeft);
  above.initialization = "neighbour";
  EXPECT_EQ(resolve(above).initialization, Initialization::kNeighbour);
}

TEST(DecodingOptions, WindowAndLambda) {
  DecodingOptions chosen = options("mc-lambda");
  chosen.window = 4;
  chosen.lambda = 1.5;
  EXPECT_EQ(resolve(chosen).window, 4);
  EXPECT_EQ(resolve(chosen).lambda, 1.5);
  chosen.window = 64;
  EXPECT_EQ(resolve(chosen).window, 64);
  chosen.window = 0;
  EXPECT_GE(resolve(chosen).window, Speculation::kLeastWindow);
  chosen.mode = "mc";
  EXPECT_EQ(resolve(chosen).lambda, 1.0);  // exact whatever lambda is
}

TEST(DecodingOptions, PicturesSideBySide) {
  EXPECT_EQ(resolve(options("mc")).together, 1);
  DecodingOptions chosen = options("sequential");
  EXPECT_GT(resolve(chosen).together, 1);
  for (const int count : {1, 3, Speculation::kMostTogether}) {
    chosen.together = count;
    EXPECT_EQ(resolve(chosen).together, count);
  }
  for (const int wrong : {-1, Speculation::kMostTogether + 1}) {
    chosen.together = wrong;
    expect_error(ErrorCode::kInvalidArgument, "1 to 64 pictures", [&] { resolve(chosen); });
  }
}

TEST(DecodingOptions, RefusesWhatItDoesNotKnow) {
  const auto refused = [](const std::string& text, auto change) {
    DecodingOptions bad = options("mc");
    change(bad);
    expect_error(ErrorCode::kInvalidArgument, text, [&] { resolve(bad); });
  };
  refused("decoding mode is 'fast', must be one of sequential, mc, gum, sjd, ref, mc-lambda",
          [](auto& o) { o.mode = "fast"; });
  refused("initialization is 'best', must be one of auto, random, left, above, neighbour",
          [](auto& o) { o.initialization = "best"; });
  refused("window is 3, must be 4 to 64", [](auto& o) { o.window = 3; });
  refused("window is 65", [](auto& o) { o.window = 65; });
  refused("window is -1", [](auto& o) { o.window = -1; });
  refused("lambda is 0.5, must be a number of at least 1", [](auto& o) { o.lambda = 0.5; });
  refused("lambda is ", [](auto& o) { o.lambda = std::numeric_limits<double>::quiet_NaN(); });
}

}  // namespace
}  // namespace lumina::decoding
