// The CUDA kernels, emulated on the CPU (tests/emulated), against their definitions.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "kernels/cpu/element.h"
#include "kernels/cuda/kernels.h"
#include "sampling/noise.h"

namespace lumina::kernels::cuda {
namespace {

struct Case {
  int d, splits, window, group;
  Element cache;
};

class CudaAttention : public ::testing::TestWithParam<Case> {};

// Two rows of different length over a cache that holds NaN behind them.
TEST_P(CudaAttention, IsSoftmaxOverWhatIsUsed) {
  const Case c = GetParam();
  constexpr int kRows = 2, kHeads = 2, kCapacity = 70;
  constexpr std::int64_t kLengths[] = {50, 7};
  std::mt19937 random(7);
  std::normal_distribution<float> normal;
  std::vector<std::int64_t> positions;
  for (const std::int64_t length : kLengths) {
    for (int w = 0; w < c.window; ++w) positions.push_back(length - c.window + w);
  }
  const std::size_t size = std::size_t{kRows} * kHeads * kCapacity * c.d;
  const std::size_t queries = std::size_t{kRows} * kHeads * c.group * c.window;
  std::vector<float> q(queries * c.d), out(q.size());
  for (float& x : q) x = normal(random);

  // What is stored, and the numbers it stands for.
  std::vector<float> keys(size), values(size), scales[2];
  std::vector<std::uint16_t> halves[2];
  std::vector<std::int8_t> bytes[2];
  std::vector<float>* const numbers[] = {&keys, &values};
  for (int side = 0; side < 2; ++side) {
    scales[side].assign(size / c.d, 1.0f);
    halves[side].resize(size);
    bytes[side].resize(size);
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t place = i / c.d;
      const bool used =
          place % kCapacity < static_cast<std::size_t>(kLengths[place / (kHeads * kCapacity)]);
      float& number = (*numbers[side])[i];
      number = used ? normal(random) : std::numeric_limits<float>::quiet_NaN();
      if (c.cache == Element::kBFloat16) {
        halves[side][i] = to_bf16(number);
        if (used) number = to_float(halves[side][i]);
      } else if (c.cache == Element::kInt8) {
        scales[side][place] = used ? 0.01f * (1 + place % 5) : number;
        bytes[side][i] = static_cast<std::int8_t>(static_cast<int>(random() % 255) - 127);
        number = bytes[side][i] * scales[side][place];
      }
    }
  }

  AttentionArguments a;
  a.q = q.data();
  a.out = out.data();
  a.element = Element::kFloat32;
  a.cache_element = c.cache;
  const void* stored[2] = {keys.data(), values.data()};
  if (c.cache == Element::kBFloat16) {
    stored[0] = halves[0].data();
    stored[1] = halves[1].data();
  } else if (c.cache == Element::kInt8) {
    stored[0] = bytes[0].data();
    stored[1] = bytes[1].data();
    a.k_scale = scales[0].data();
    a.v_scale = scales[1].data();
    a.scale_head_stride = kCapacity;
    a.scale_row_stride = kHeads * kCapacity;
  }
  a.k = stored[0];
  a.v = stored[1];
  a.head_stride = kCapacity * c.d;
  a.row_stride = kHeads * a.head_stride;
  a.positions = positions.data();
  a.rows = kRows;
  a.kv_heads = kHeads;
  a.group = c.group;
  a.window = c.window;
  a.d = c.d;
  a.splits = c.splits;
  a.scale = 1.0f / std::sqrt(static_cast<float>(c.d));
  std::vector<float> scratch(attention_scratch(a), std::numeric_limits<float>::quiet_NaN());
  a.scratch = scratch.data();
  attend(a, nullptr);

  for (std::size_t query = 0; query < queries; ++query) {
    const std::size_t row = query / (kHeads * c.group * c.window);
    const std::size_t head = query / (c.group * c.window) % kHeads;
    const std::int64_t visible = positions[row * c.window + query % c.window] + 1;
    const std::size_t first = (row * kHeads + head) * kCapacity * c.d;
    std::vector<double> weights;
    double total = 0;
    for (std::int64_t key = 0; key < visible; ++key) {
      double score = 0;
      for (int e = 0; e < c.d; ++e)
        score += double{q[query * c.d + e]} * keys[first + key * c.d + e];
      weights.push_back(std::exp(score * a.scale));
      total += weights.back();
    }
    for (int e = 0; e < c.d; ++e) {
      double expected = 0;
      for (std::int64_t key = 0; key < visible; ++key) {
        expected += weights[key] / total * values[first + key * c.d + e];
      }
      ASSERT_NEAR(out[query * c.d + e], expected, 1e-5) << "query " << query << ", number " << e;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, CudaAttention,
                         ::testing::Values(Case{64, 1, 1, 1, Element::kFloat32},
                                           Case{64, 3, 5, 2, Element::kBFloat16},
                                           Case{128, 4, 1, 1, Element::kBFloat16},
                                           Case{128, 2, 3, 1, Element::kInt8},
                                           Case{64, 32, 2, 1, Element::kInt8}));

TEST(CudaGumbel, IsTheNoiseOfEachPlace) {
  const std::int64_t seeds[] = {7, -1};
  const std::int64_t positions[] = {2, 9, 30, 5};
  std::vector<double> noise(2 * 2 * 300);
  GumbelArguments a;
  a.seeds = seeds;
  a.positions = positions;
  a.noise = noise.data();
  a.pictures = 2;
  a.window = 2;
  a.count = 300;
  a.first_id = 513;
  a.stream = static_cast<std::uint32_t>(sampling::NoiseStream::kPicture);
  fill_gumbel(a, nullptr);
  for (int row = 0; row < 4; ++row) {
    sampling::GumbelNoise one(static_cast<std::uint64_t>(seeds[row / 2]),
                              sampling::NoiseStream::kPicture,
                              static_cast<std::uint32_t>(positions[row]));
    for (int i = 0; i < 300; ++i) EXPECT_DOUBLE_EQ(noise[row * 300 + i], one(513 + i));
  }
}

}  // namespace
}  // namespace lumina::kernels::cuda
