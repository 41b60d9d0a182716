#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "model/rotary.h"

namespace lumina::model {
namespace {

using checkpoint::ModelConfig;
using checkpoint::RopeScaling;

ModelConfig config_with(RopeScaling::Type type, double factor) {
  ModelConfig config;
  config.hidden_size = 256;
  config.num_attention_heads = 2;  // d = 128
  config.max_position_embeddings = 1024;
  config.rope_scaling.type = type;
  config.rope_scaling.factor = factor;
  return config;
}

// The angle of pair i at `position`, the reference's fp32 steps followed in double precision.
double angle(double position, double theta, int i, int d = 128) {
  return position * static_cast<float>(std::pow(theta, -2.0 * i / d));
}

void expect_rotation(const Rotation& rotation, std::int64_t row, std::int64_t token,
                     double position, double theta, double tolerance) {
  for (const int i : {0, 1, 17, 63}) {
    const double expected = angle(position, theta, i);
    EXPECT_NEAR(rotation.cos[row][token][0][i].item<double>(), std::cos(expected), tolerance)
        << "position " << position << " pair " << i;
    EXPECT_NEAR(rotation.sin[row][token][0][i].item<double>(), std::sin(expected), tolerance)
        << "position " << position << " pair " << i;
  }
}

TEST(Rotary, EachRowCountsFromItsOwnStart) {
  const Rotary rotary(config_with(RopeScaling::Type::kNone, 1));
  const Rotation rotation = rotary.at({0, 4094, 9999}, 2, at::kFloat);
  EXPECT_EQ(rotation.cos.sizes().vec(), (std::vector<std::int64_t>{3, 2, 1, 64}));
  // fp32 rounds an angle near 10^4 to 2^-11 or so.
  expect_rotation(rotation, 0, 0, 0, 10000.0, 1e-6);
  expect_rotation(rotation, 0, 1, 1, 10000.0, 1e-6);
  expect_rotation(rotation, 1, 1, 4095, 10000.0, 1e-3);
  expect_rotation(rotation, 2, 0, 9999, 10000.0, 2e-3);
}

TEST(Rotary, Bf16RunsUseValuesRoundedToBf16) {
  const Rotary rotary(config_with(RopeScaling::Type::kNone, 1));
  const Rotation wide = rotary.at({4095}, 1, at::kFloat);
  const Rotation narrow = rotary.at({4095}, 1, at::kBFloat16);
  EXPECT_EQ(narrow.cos.scalar_type(), at::kFloat);
  EXPECT_TRUE(at::equal(narrow.cos, wide.cos.to(at::kBFloat16).to(at::kFloat)));
  EXPECT_FALSE(at::equal(narrow.cos, wide.cos));
}

TEST(Rotary, LinearScalingDividesPositions) {
  const Rotary rotary(config_with(RopeScaling::Type::kLinear, 4));
  expect_rotation(rotary.at({100}, 1, at::kFloat), 0, 0, 25, 10000.0, 1e-5);
}

TEST(Rotary, DynamicScalingChangesTheBaseBehindTheLimit) {
  const Rotary rotary(config_with(RopeScaling::Type::kDynamic, 2));
  expect_rotation(rotary.at({1023}, 1, at::kFloat), 0, 0, 1023, 10000.0, 1e-3);
  // L = 1536 of 1024: theta * (2 * 1.5 - 1)^(128/126)
  const double theta = 10000.0 * std::pow(2.0, 128.0 / 126.0);
  expect_rotation(rotary.at({1535}, 1, at::kFloat), 0, 0, 1535, theta, 1e-3);
  // A window is rotated by the length that its end reaches, its early tokens included.
  expect_rotation(rotary.at({0}, 1536, at::kFloat), 0, 10, 10, theta, 1e-5);
}

// Both rows of guidance stand at places of their own. The reference keeps the frequencies of the
// longest row for every one after it, so that what one row computes depends on the other.
TEST(Rotary, DynamicScalingOfOneRowLeavesTheOtherAndLaterOnesAlone) {
  const Rotary rotary(config_with(RopeScaling::Type::kDynamic, 2));
  const double theta = 10000.0 * std::pow(2.0, 128.0 / 126.0);
  const Rotation both = rotary.at({1535, 900}, 1, at::kFloat);
  expect_rotation(both, 0, 0, 1535, theta, 1e-3);
  expect_rotation(both, 1, 0, 900, 10000.0, 1e-3);
  expect_rotation(rotary.at({900}, 1, at::kFloat), 0, 0, 900, 10000.0, 1e-3);
}

TEST(Rotary, RotatesHalvesAgainstEachOther) {
  // d = 4: pairs (0, 2) and (1, 3).
  const at::Tensor x = at::tensor({1.0f, 2.0f, 3.0f, 4.0f}).view({1, 1, 1, 4});
  const Rotation quarter{at::tensor({0.0f, 1.0f}).view({1, 1, 1, 2}),
                         at::tensor({1.0f, 0.0f}).view({1, 1, 1, 2})};
  const at::Tensor expected = at::tensor({-3.0f, 2.0f, 1.0f, 4.0f}).view({1, 1, 1, 4});
  EXPECT_TRUE(at::equal(rotate(x, quarter), expected));
}

}  // namespace
}  // namespace lumina::model
