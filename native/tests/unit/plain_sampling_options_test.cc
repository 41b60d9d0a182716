#include <gtest/gtest.h>

#include <limits>

#include "sampling/options.h"
#include "support/expect_error.h"

namespace lumina::sampling {
namespace {

using lumina::testing::expect_error;

TEST(SamplingOptions, DefaultsAreResolvedUnchanged) {
  const Settings settings = resolve(SamplingOptions());
  EXPECT_EQ(settings.guidance_scale, 4.0);
  EXPECT_EQ(settings.guidance_schedule, GuidanceSchedule::kConstant);
  EXPECT_EQ(settings.image_top_k, 4096);
  EXPECT_EQ(settings.text_top_k, 10);
  EXPECT_EQ(settings.temperature, 1.0);
  EXPECT_EQ(settings.mode, Mode::kForced);
  EXPECT_TRUE(settings.guided());
}

TEST(SamplingOptions, NamesAreResolved) {
  SamplingOptions options;
  options.guidance_schedule = "reference";
  options.mode = "reference";
  options.guidance_scale = 1.0;
  options.seed = 7;
  const Settings settings = resolve(options);
  EXPECT_EQ(settings.guidance_schedule, GuidanceSchedule::kReference);
  EXPECT_EQ(settings.mode, Mode::kReference);
  EXPECT_FALSE(settings.guided());
  EXPECT_EQ(settings.seed, 7u);
}

TEST(SamplingOptions, RefusesWhatCannotBeServed) {
  const auto refused = [](const std::string& text, auto change) {
    expect_error(ErrorCode::kInvalidArgument, text, [&] {
      SamplingOptions options;
      change(options);
      resolve(options);
    });
  };
  refused("guidance scale is -1", [](auto& o) { o.guidance_scale = -1; });
  refused("guidance scale is nan",
          [](auto& o) { o.guidance_scale = std::numeric_limits<double>::quiet_NaN(); });
  refused("temperature is 0, must be a number above 0", [](auto& o) { o.temperature = 0; });
  refused("temperature is inf",
          [](auto& o) { o.temperature = std::numeric_limits<double>::infinity(); });
  refused("image top-k is 0, must be at least 1", [](auto& o) { o.image_top_k = 0; });
  refused("text top-k is -3", [](auto& o) { o.text_top_k = -3; });
  refused("guidance schedule is 'linear', must be constant or reference",
          [](auto& o) { o.guidance_schedule = "linear"; });
  refused("sampling mode is '', must be forced or reference", [](auto& o) { o.mode = ""; });
}

}  // namespace
}  // namespace lumina::sampling
