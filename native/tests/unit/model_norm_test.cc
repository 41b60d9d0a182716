// The norms of the model in one pass, against their steps by ATen.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "model/norm.h"
#include "support/recipe_model.h"

namespace lumina::model {
namespace {

// Values that depend on nothing but their place; rows of very different size.
at::Tensor numbers(std::vector<std::int64_t> shape, double phase) {
  const std::int64_t count = c10::multiply_integers(shape);
  const at::Tensor place = at::arange(count, at::kDouble);
  return (at::sin(place * 0.7311 + phase) * (1.0 + place * 0.01)).view(shape).to(at::kFloat);
}

// Largest difference, in units of the last place that `type` keeps of the larger number.
double deviation(const at::Tensor& actual, const at::Tensor& expected, at::ScalarType type) {
  EXPECT_EQ(actual.scalar_type(), type);
  EXPECT_EQ(actual.sizes(), expected.sizes());
  const double unit = type == at::kBFloat16 ? 0x1p-8 : 0x1p-23;
  const at::Tensor off = (actual.to(at::kDouble) - expected.to(at::kDouble)).abs();
  return (off / expected.to(at::kDouble).abs().clamp_min(1e-2)).max().item<double>() / unit;
}

class ModelNorm : public ::testing::TestWithParam<at::ScalarType> {};

TEST_P(ModelNorm, RmsNormEqualsItsSteps) {
  const at::ScalarType type = GetParam();
  for (const std::int64_t width : {1, 7, 16, 100, 256}) {
    const RmsNorm norm(numbers({width}, 0.4).to(type), 1e-5);
    for (const std::int64_t rows : {1, 2, 300}) {
      const at::Tensor x = numbers({rows, 1, width}, 0.1).to(type);
      EXPECT_LE(deviation(norm(x), norm.plain(x), type), type == at::kFloat ? 64 : 2)
          << rows << "x" << width;
    }
  }
}

TEST_P(ModelNorm, HeadsArePlacedAsByNormRotationAndTransposition) {
  const at::ScalarType type = GetParam();
  const Rotary rotary(lumina::testing::tiny_config());
  const std::int64_t d = lumina::testing::tiny_config().head_dim();
  for (const std::int64_t heads : {1, 4}) {
    const HeadNorm norm(numbers({1, d}, 0.4), numbers({1, d}, 0.6), heads);
    for (const auto& [starts, length] :
         {std::pair<std::vector<std::int64_t>, std::int64_t>{{0}, 1}, {{3, 90}, 1}, {{5, 0}, 40}}) {
      const Rotation rotation = rotary.at(starts, length, type);
      const auto batch = static_cast<std::int64_t>(starts.size());
      const at::Tensor x = numbers({batch, length, heads, d}, 0.2).to(type);
      const at::Tensor expected = rotate(norm(x), rotation).to(type).transpose(1, 2);
      const at::Tensor actual = norm.placed(x, rotation);
      EXPECT_TRUE(actual.is_contiguous());
      // A rotated number may be the small difference of large ones.
      EXPECT_LE(deviation(actual, expected, type), type == at::kFloat ? 2048 : 2)
          << batch << " rows of " << length;
      // A part of a rotation, as chunks of a prompt have it.
      if (length > 1) {
        const Rotation part = rotation.narrow(1, length - 1);
        const at::Tensor rest = norm.placed(x.narrow(1, 1, length - 1).contiguous(), part);
        EXPECT_TRUE(at::equal(rest, actual.narrow(2, 1, length - 1)));
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Types, ModelNorm, ::testing::Values(at::kFloat, at::kBFloat16),
                         [](const auto& test) {
                           return test.param == at::kFloat ? "fp32" : "bf16";
                         });

}  // namespace
}  // namespace lumina::model
