#include <gtest/gtest.h>

#include <vector>

#include "sampling/guidance.h"

namespace lumina::sampling {
namespace {

TEST(Guidance, CombinesAsTheReferenceDoes) {
  const std::vector<float> conditional = {1.0f, -2.0f, 0.5f};
  const std::vector<float> unconditional = {0.5f, 1.0f, 0.5f};
  std::vector<float> out(3);
  combine(conditional.data(), unconditional.data(), 3, 4.0, out.data());
  EXPECT_EQ(out, (std::vector<float>{2.5f, -11.0f, 0.5f}));
  combine(conditional.data(), unconditional.data(), 3, 0.0, out.data());
  EXPECT_EQ(out, unconditional);
}

TEST(Guidance, ConstantScheduleIsConstant) {
  const GuidanceScale scale(GuidanceSchedule::kConstant, 2.5, PictureLayout(8, 8), 2);
  EXPECT_EQ(scale.at(2), 2.5);
  EXPECT_EQ(scale.at(1000), 2.5);
}

// Guided steps until the reference schedule rests at 4.
int steps_to_floor(double scale, int width, int height, std::int64_t first = 2) {
  const GuidanceScale guidance(GuidanceSchedule::kReference, scale,
                               PictureLayout(height / 32, width / 32), first);
  int steps = 1;
  while (guidance.at(first + steps - 1) != 4.0) ++steps;
  EXPECT_EQ(guidance.at(first + 100000), 4.0);
  return steps;
}

TEST(Guidance, ReferenceScheduleReachesTheFloorWhereTheReferenceDoes) {
  // Counts measured on the reference (docs/spec/model.md 7.4).
  EXPECT_EQ(steps_to_floor(8, 256, 256), 18);
  EXPECT_EQ(steps_to_floor(8, 512, 512), 36);
  EXPECT_EQ(steps_to_floor(8, 768, 768), 55);
  EXPECT_EQ(steps_to_floor(8, 512, 1024), 52);
  EXPECT_EQ(steps_to_floor(6, 256, 256), 13);
  EXPECT_EQ(steps_to_floor(6, 768, 768), 42);
  EXPECT_EQ(steps_to_floor(5, 512, 512), 20);
  EXPECT_EQ(steps_to_floor(5, 512, 1024), 29);
}

TEST(Guidance, ReferenceScheduleNeverGoesBelowFour) {
  EXPECT_EQ(steps_to_floor(2, 256, 256), 1);
  EXPECT_EQ(steps_to_floor(3, 768, 768), 1);
  // With a given half the first step is far beyond the span of the decay.
  EXPECT_EQ(steps_to_floor(8, 512, 1024, 4162), 1);
}

TEST(Guidance, ReferenceScheduleMultipliesFromStepToStep) {
  const GuidanceScale scale(GuidanceSchedule::kReference, 8, PictureLayout(8, 8), 2);
  const double first = 8.0 * (1.0 - 2.0 / 256.0);
  EXPECT_DOUBLE_EQ(scale.at(2), first);
  EXPECT_DOUBLE_EQ(scale.at(3), first * (1.0 - 3.0 / 256.0));
}

}  // namespace
}  // namespace lumina::sampling
