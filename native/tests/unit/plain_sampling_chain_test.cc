#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <vector>

#include "sampling/chain.h"
#include "support/expect_error.h"

namespace lumina::sampling {
namespace {

using lumina::testing::expect_error;

Logits logits(const std::vector<float>& conditional,
              const std::vector<float>* unconditional = nullptr) {
  Logits rows;
  rows.conditional = conditional.data();
  rows.unconditional = unconditional == nullptr ? nullptr : unconditional->data();
  rows.count = conditional.size();
  rows.first_id = 1000;
  return rows;
}

TEST(SamplingChain, FiltersAfterGuidance) {
  // Alone, the conditional row prefers 1000; guided by 4 it is 1002 and then 1001.
  const std::vector<float> conditional = {3, 2, 1};
  const std::vector<float> unconditional = {3, 1, -2};
  Chain chain{Settings()};
  const auto& survivors = chain.candidates(logits(conditional, &unconditional), 4.0, 2, 1);
  ASSERT_EQ(survivors.size(), 2u);
  EXPECT_EQ(survivors[0].id, 1001);
  EXPECT_EQ(survivors[0].score, 5.0f);
  EXPECT_EQ(survivors[1].id, 1002);
  EXPECT_EQ(survivors[1].score, 10.0f);
}

TEST(SamplingChain, TopKOneIsGreedyAndTheLowestIdWinsTies) {
  Settings settings;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    settings.seed = seed;
    Chain chain(settings);
    EXPECT_EQ(chain.pick(logits({1, 5, 2, 5}), 1.0, 1, 1, NoiseStream::kPicture, 3), 1001);
  }
}

TEST(SamplingChain, TemperatureKeepsCandidatesAndScalesTheirDifferences) {
  Settings settings;
  settings.temperature = 0.5;
  Chain chain(settings);
  const auto& survivors = chain.candidates(logits({1, 5, 2, 4}), 1.0, 2, 1);
  ASSERT_EQ(survivors.size(), 2u);
  EXPECT_EQ(survivors[0].id, 1001);
  EXPECT_EQ(survivors[1].id, 1003);
  EXPECT_FLOAT_EQ(survivors[0].score - survivors[1].score, 2.0f);
}

TEST(SamplingChain, TheSmallestTemperatureIsGreedy) {
  Settings settings;
  settings.temperature = std::numeric_limits<double>::denorm_min();
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    settings.seed = seed;
    Chain chain(settings);
    EXPECT_EQ(chain.pick(logits({1, 5, 2, 4.999f}), 1.0, 4, 1, NoiseStream::kPicture, 3), 1001);
  }
}

TEST(SamplingChain, DrawsByTheSoftmaxOfTheSurvivors) {
  const std::vector<float> scores = {0.0f, 1.0f, -1.0f, 2.0f, -9.0f};
  Settings settings;
  settings.temperature = 0.8;
  settings.seed = 11;
  Chain chain(settings);
  constexpr int kDraws = 40000;
  std::map<std::int32_t, int> counts;
  for (int position = 0; position < kDraws; ++position) {
    ++counts[chain.pick(logits(scores), 1.0, 4, 1, NoiseStream::kPicture, position)];
  }
  double total = 0;
  for (int i = 0; i < 4; ++i) total += std::exp(scores[i] / 0.8);
  double chi_square = 0;
  for (int i = 0; i < 4; ++i) {
    const double expected = kDraws * std::exp(scores[i] / 0.8) / total;
    chi_square += (counts[1000 + i] - expected) * (counts[1000 + i] - expected) / expected;
  }
  EXPECT_LT(chi_square, 16.27);       // three degrees of freedom, p = 0.001; the seed is fixed
  EXPECT_EQ(counts.count(1004), 0u);  // cut by top-k
}

TEST(SamplingChain, ADrawIsAFunctionOfSeedAndPosition) {
  const std::vector<float> flat(64, 0.0f);
  Settings settings;
  settings.seed = 5;
  Chain one(settings);
  Chain other(settings);
  std::vector<std::int32_t> forwards;
  for (int p = 0; p < 32; ++p) {
    forwards.push_back(one.pick(logits(flat), 1.0, 64, 1, NoiseStream::kPicture, p));
  }
  for (int p = 31; p >= 0; --p) {
    EXPECT_EQ(other.pick(logits(flat), 1.0, 64, 1, NoiseStream::kPicture, p), forwards[p]);
  }
}

TEST(SamplingChain, LikelihoodsLookPastTopKAndTemperature) {
  Settings settings;
  settings.image_top_k = 1;
  settings.temperature = 0.1;
  Chain chain(settings);
  const std::vector<float> conditional = {3, 2, 1};
  const std::vector<float> unconditional = {3, 1, -2};
  const double total = std::exp(3.0) + std::exp(5.0) + std::exp(10.0);
  const double guided[] = {3, 5, 10};
  for (int i = 0; i < 3; ++i) {
    EXPECT_NEAR(chain.log_likelihood(logits(conditional, &unconditional), 4.0, 1000 + i, 1),
                guided[i] - std::log(total), 1e-9);
  }
  // Where a probability is too small for a number.
  const std::vector<float> far = {-5000, 0, 5000};
  EXPECT_EQ(chain.log_likelihood(logits(far), 1.0, 1000, 1), -10000.0);
  const std::vector<float> bad = {1, std::numeric_limits<float>::quiet_NaN()};
  expect_error(ErrorCode::kNumerical, "step 4: the logit of token 1001",
               [&] { chain.log_likelihood(logits(bad), 1.0, 1000, 4); });
}

TEST(SamplingChain, NamesTheStepOfABadLogit) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  Chain chain{Settings()};
  const std::vector<float> good = {1, 2, 3};
  const auto pick = [&](const std::vector<float>& a, const std::vector<float>* b, double scale) {
    return chain.pick(logits(a, b), scale, 2, 12, NoiseStream::kPicture, 3);
  };
  const auto refused = [&](const std::string& text, const std::vector<float>& a,
                           const std::vector<float>* b, double scale) {
    expect_error(ErrorCode::kNumerical, text, [&] { pick(a, b, scale); });
  };
  const std::vector<float> with_nan = {1, nan, 3};
  const std::vector<float> with_infinity = {1, 2, infinity};
  const std::vector<float> with_minus = {-infinity, 2, 3};
  refused("step 12: the logit of token 1001 is not a number", with_nan, nullptr, 1.0);
  refused("step 12: the logit of token 1002 is infinite", with_infinity, nullptr, 1.0);
  refused("step 12: the logit of token 1000 is infinite", with_minus, nullptr, 1.0);
  refused("token 1001", with_nan, &good, 4.0);
  refused("token 1001", good, &with_nan, 4.0);
  refused("token 1002", good, &with_infinity, 0.0);
  refused("token 1002", with_infinity, &good, 0.0);
  EXPECT_NO_THROW(pick(good, &good, 4.0));
}

}  // namespace
}  // namespace lumina::sampling
