#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "sampling/chain.h"
#include "sampling/law.h"
#include "sampling/noise.h"
#include "sampling/top_n_sigma.h"
#include "support/chi_square.h"

namespace lumina::sampling {
namespace {

constexpr double kAlmostOne = 1.0 - 0x1p-53;

double sum(const Law& law) { return std::accumulate(law.begin(), law.end(), 0.0); }

TEST(Law, IsTheSoftmaxOfTheCandidates) {
  Law law(5, 9.0f);
  set_softmax({{11, 800.0f}, {12, 801.0f}, {14, 799.0f}}, 10, law);
  const double total = std::exp(-1.0) + 1.0 + std::exp(-2.0);
  EXPECT_EQ(law[0], 0.0f);
  EXPECT_NEAR(law[1], std::exp(-1.0) / total, 3e-7);
  EXPECT_NEAR(law[2], 1.0 / total, 3e-7);
  EXPECT_EQ(law[3], 0.0f);
  EXPECT_NEAR(law[4], std::exp(-2.0) / total, 3e-7);
}

TEST(Law, OfTheChainIsThatOfItsDraws) {
  const std::vector<float> scores = {0.5f, 2.0f, 1.0f, 2.0f, -1.0f};
  Logits logits;
  logits.conditional = scores.data();
  logits.count = scores.size();
  logits.first_id = 30;
  Settings settings;
  settings.temperature = 0.8;
  Chain chain(settings);
  Law law;
  chain.law(logits, 1.0, 4, 1, law);
  std::vector<std::int64_t> counts(5, 0);
  for (int position = 0; position < 40000; ++position) {
    ++counts[chain.pick(logits, 1.0, 4, 1, NoiseStream::kPicture, position) - 30];
  }
  EXPECT_LT(lumina::testing::chi_square_deviation(counts, {law.begin(), law.end()}), 4.0);
  EXPECT_EQ(law[4], 0.0f);  // cut by top-k

  chain.law(logits, 1.0, 1, 1, law);  // greedy: the lowest id among equals
  EXPECT_EQ(law, (Law{0, 1, 0, 0, 0}));
}

TEST(Law, ADrawNeverHitsAZero) {
  const Law law = {0.0f, 0.25f, 0.0f, 0.5f, 0.25f, 0.0f};
  EXPECT_EQ(draw(law, 0x1p-53), 1u);
  EXPECT_EQ(draw(law, 0.2499), 1u);
  EXPECT_EQ(draw(law, 0.2501), 3u);
  EXPECT_EQ(draw(law, 0.7499), 3u);
  EXPECT_EQ(draw(law, 0.7501), 4u);
  EXPECT_EQ(draw(law, kAlmostOne), 4u);
  Law point(3);
  set_point(2, point);
  EXPECT_EQ(draw(point, 0x1p-53), 2u);
  EXPECT_EQ(draw(point, kAlmostOne), 2u);
  Law even(4);
  set_uniform(even);
  EXPECT_EQ(even, (Law{0.25f, 0.25f, 0.25f, 0.25f}));
}

TEST(Law, TheResidualIsWhatTheDraftHadTooLittleOf) {
  const Law p = {0.5f, 0.25f, 0.25f, 0.0f};
  const Law q = {0.25f, 0.5f, 0.125f, 0.125f};  // lacks 0.25 of code 0 and 0.125 of code 2
  EXPECT_EQ(draw_residual(p, q, 0.0001), 0u);
  EXPECT_EQ(draw_residual(p, q, 0.6666), 0u);
  EXPECT_EQ(draw_residual(p, q, 0.6667), 2u);
  EXPECT_EQ(draw_residual(p, q, kAlmostOne), 2u);
  // Of a draft that could be nothing else, all the others.
  EXPECT_EQ(draw_residual(p, {1, 0, 0, 0}, 0.0001), 1u);
  EXPECT_EQ(draw_residual(p, {1, 0, 0, 0}, 0.51), 2u);
  // Disjoint laws: p itself. Equal laws leave nothing, so that only rounding leads here: p as well.
  EXPECT_EQ(draw_residual({0.5f, 0.5f, 0, 0}, {0, 0, 0.5f, 0.5f}, 0.51), 1u);
  EXPECT_EQ(draw_residual(p, p, 0.6), 1u);
}

TEST(Law, ADraftIsKeptAsOftenAsTheLawsAgree) {
  const Law p = {0.5f, 0.25f, 0.25f, 0.0f};
  const Law q = {0.25f, 0.5f, 0.125f, 0.125f};
  EXPECT_TRUE(keeps(p, q, 0, kAlmostOne));  // more likely than before
  EXPECT_TRUE(keeps(p, p, 1, kAlmostOne));  // as likely
  EXPECT_TRUE(keeps(p, q, 1, 0.4999));      // half as likely
  EXPECT_FALSE(keeps(p, q, 1, 0.5001));
  EXPECT_FALSE(keeps(p, q, 3, 0x1p-53));  // impossible
  EXPECT_TRUE(keeps(p, q, 1, 0.7499, 1.5));
  EXPECT_FALSE(keeps(p, q, 1, 0.7501, 1.5));
  EXPECT_FALSE(keeps(p, q, 3, 0x1p-53, 1.5));
  const Law point = {0, 1, 0, 0};
  EXPECT_TRUE(keeps(point, point, 1, kAlmostOne));
  EXPECT_FALSE(keeps({1, 0, 0, 0}, point, 1, 0x1p-53));
}

TEST(Law, RelaxedIsBoundedAndWithoutRelaxationTheModels) {
  const Law p = {0.5f, 0.2f, 0.2f, 0.0f, 0.1f};
  const Law q = {0.1f, 0.4f, 0.1f, 0.2f, 0.2f};
  Law law(5);
  EXPECT_NEAR(relaxed_law(p, q, 1.0, law), 0.0, 1e-7);
  for (int i = 0; i < 5; ++i) EXPECT_NEAR(law[i], p[i], 1e-7) << i;

  const double shift = relaxed_law(p, q, 1.5, law);
  EXPECT_NEAR(sum(law), 1.0, 1e-6);
  for (int i = 0; i < 5; ++i) EXPECT_LE(law[i], 1.5 * p[i] + 1e-6) << i;
  EXPECT_NEAR(law[1], 0.3, 1e-6);  // 1.5 p, below q
  EXPECT_EQ(law[3], 0.0f);
  EXPECT_NEAR(shift, 0.1 + 0.05, 1e-6);  // codes 1 and 4
  EXPECT_NEAR(relaxed_law(p, p, 1.5, law), 0.0, 1e-7);
  for (int i = 0; i < 5; ++i) EXPECT_NEAR(law[i], p[i], 1e-7) << i;
}

TEST(Law, RelaxedIsThatOfTheCodeThatIsLeft) {
  const Law p = {0.5f, 0.2f, 0.2f, 0.0f, 0.1f};
  const Law q = {0.1f, 0.4f, 0.1f, 0.2f, 0.2f};
  for (const double lambda : {1.0, 1.2, 3.0}) {
    Law law(5);
    relaxed_law(p, q, lambda, law);
    std::vector<std::int64_t> counts(5, 0);
    for (std::uint32_t i = 0; i < 200000; ++i) {
      const std::size_t code = draw(q, uniform(1, NoiseStream::kFresh, i, 0));
      const bool kept = keeps(p, q, code, uniform(1, NoiseStream::kAccept, i, 0), lambda);
      ++counts[kept ? code : draw_residual(p, q, uniform(1, NoiseStream::kDraw, i, 0))];
    }
    EXPECT_LT(lumina::testing::chi_square_deviation(counts, {law.begin(), law.end()}), 4.0)
        << lambda;
  }
}

TEST(Uniform, DependsOnEveryPartOfItsAddress) {
  const double value = uniform(5, NoiseStream::kAccept, 7, 3);
  EXPECT_EQ(uniform(5, NoiseStream::kAccept, 7, 3), value);
  EXPECT_NE(uniform(6, NoiseStream::kAccept, 7, 3), value);
  EXPECT_NE(uniform(5, NoiseStream::kDraw, 7, 3), value);
  EXPECT_NE(uniform(5, NoiseStream::kAccept, 8, 3), value);
  EXPECT_NE(uniform(5, NoiseStream::kAccept, 7, 4), value);
  double total = 0.0;
  double squares = 0.0;
  for (std::uint32_t i = 0; i < 100000; ++i) {
    const double u = uniform(9, NoiseStream::kDraw, i % 100, i / 100);
    ASSERT_GT(u, 0.0);
    ASSERT_LT(u, 1.0);
    total += u;
    squares += u * u;
  }
  EXPECT_NEAR(total / 100000, 0.5, 0.005);  // five standard errors
  EXPECT_NEAR(squares / 100000, 1.0 / 3.0, 0.005);
}

TEST(TopNSigma, CutsByTheRootMeanSquare) {
  std::vector<Candidate> candidates = {{1, 3.0f}, {2, 0.5f}, {3, -1.0f}, {4, 1.5f}};
  keep_top_sigma(candidates, 1.0);  // sigma 1.77, so that 1.23 is the least
  ASSERT_EQ(candidates.size(), 2u);
  EXPECT_EQ(candidates[0].id, 1);
  EXPECT_EQ(candidates[1].id, 4);
  std::vector<Candidate> high = {{1, 103.0f}, {2, 100.5f}, {3, 99.0f}};
  keep_top_sigma(high, 1.0);  // far from zero it cuts nothing
  EXPECT_EQ(high.size(), 3u);
  std::vector<Candidate> zeros = {{1, 0.0f}, {2, 0.0f}};
  keep_top_sigma(zeros, 1.0);
  EXPECT_EQ(zeros.size(), 2u);
}

TEST(TopNSigma, StandsBeforeTheTemperature) {
  const std::vector<float> scores = {3.0f, 0.5f, -1.0f, 1.5f};
  Logits logits;
  logits.conditional = scores.data();
  logits.count = scores.size();
  Settings settings;
  settings.top_n_sigma = 1.0;
  settings.temperature = 10.0;
  Chain chain(settings);
  EXPECT_EQ(chain.candidates(logits, 1.0, 4, 1).size(), 2u);
}

}  // namespace
}  // namespace lumina::sampling
