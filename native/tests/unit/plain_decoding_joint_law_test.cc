// Whether the Jacobi modes sample the law of sequential decoding: five codes of four symbols,
// across a line's end, against their joint law, enumerated. Every seed is fixed, so a result never
// changes; the bound would be crossed by chance once in 30,000 times.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

#include "decoding/accept_rule.h"
#include "support/chi_square.h"
#include "support/plain_body_run.h"

namespace lumina::decoding {
namespace {

using lumina::testing::Body;
using lumina::testing::kFirstCode;

constexpr int kSymbols = 4;
constexpr int kCodes = 5;
constexpr int kCells = 1024;  // symbols to the power of codes
constexpr int kSamples = 200000;
constexpr double kMostDeviation = 4.0;     // an exact mode lies below
constexpr double kCertainDeviation = 8.0;  // a wrong one above

Body five_codes() {
  Body body;  // rows of four codes
  body.model.codes = kSymbols;
  body.model.salt = 7;
  body.most = 6;  // with the newline
  return body;
}

// Probability of every combination of codes, the first one in the lowest digit.
void enumerate(const Body& body, std::vector<std::int32_t>& tokens, double probability, int cell,
               int weight, std::vector<double>& joint) {
  if (static_cast<std::int64_t>(tokens.size()) == body.most) {
    joint[cell] = probability;
    return;
  }
  if (body.layout.kind(tokens.size()) == sampling::PictureLayout::Kind::kNewLine) {
    tokens.push_back(lumina::testing::body_token_ids().new_line);
    enumerate(body, tokens, probability, cell, weight, joint);
    tokens.pop_back();
    return;
  }
  const sampling::Law law = lumina::testing::law_behind(body, tokens);
  for (int code = 0; code < kSymbols; ++code) {
    tokens.push_back(kFirstCode + code);
    enumerate(body, tokens, probability * law[code], cell + code * weight, weight * kSymbols,
              joint);
    tokens.pop_back();
  }
}

int cell_of(const std::vector<std::int32_t>& tokens) {
  int cell = 0;
  int weight = 1;
  for (const std::int32_t token : tokens) {
    if (token < kFirstCode) continue;
    cell += (token - kFirstCode) * weight;
    weight *= kSymbols;
  }
  return cell;
}

template <typename Run>
double deviation(const Body& body, Run run) {
  std::vector<double> joint(kCells, 0.0);
  std::vector<std::int32_t> tokens;
  enumerate(body, tokens, 1.0, 0, 1, joint);
  std::vector<std::int64_t> counts(kCells, 0);
  for (std::uint64_t seed = 0; seed < kSamples; ++seed) ++counts[cell_of(run(seed))];
  return lumina::testing::chi_square_deviation(counts, joint);
}

Speculation speculation(Mode mode, int window, Initialization initialization) {
  Speculation result;
  result.mode = mode;
  result.window = window;
  result.initialization = initialization;
  return result;
}

double deviation(const Body& body, const Speculation& options,
                 const lumina::testing::RuleMaker& rule = {}) {
  return deviation(body, [&](std::uint64_t seed) {
    return lumina::testing::run_window(body, options, seed, rule).tokens;
  });
}

TEST(JointLaw, SequentialSamplesIt) {
  const Body body = five_codes();
  EXPECT_LT(
      deviation(body,
                [&](std::uint64_t seed) { return lumina::testing::run_sequential(body, seed); }),
      kMostDeviation);
}

struct Case {
  const char* name;
  Mode mode;
  int window;
  Initialization initialization;
};

class ExactMode : public ::testing::TestWithParam<Case> {};

TEST_P(ExactMode, SamplesTheJointLaw) {
  const Case& c = GetParam();
  EXPECT_LT(deviation(five_codes(), speculation(c.mode, c.window, c.initialization)),
            kMostDeviation);
}

INSTANTIATE_TEST_SUITE_P(
    JointLaw, ExactMode,
    ::testing::Values(Case{"mc_4", Mode::kCoupled, 4, Initialization::kNeighbour},
                      Case{"mc_8", Mode::kCoupled, 8, Initialization::kNeighbour},
                      Case{"mc_4_random", Mode::kCoupled, 4, Initialization::kRandom},
                      Case{"mc_8_left", Mode::kCoupled, 8, Initialization::kLeft},
                      Case{"mc_8_above", Mode::kCoupled, 8, Initialization::kAbove},
                      Case{"sjd_4", Mode::kIndependent, 4, Initialization::kRandom},
                      Case{"sjd_8_neighbour", Mode::kIndependent, 8, Initialization::kNeighbour},
                      Case{"gum_4", Mode::kFixedNoise, 4, Initialization::kNeighbour}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(JointLaw, CouplingKeepsGuidanceTopKAndTemperature) {
  Body body = five_codes();
  body.model.guided = true;
  body.model.spread = 1.5;
  body.settings.guidance_scale = 2.0;
  body.settings.image_top_k = 3;  // a fourth of every law is zero
  body.settings.temperature = 1.3;
  EXPECT_LT(deviation(body, speculation(Mode::kCoupled, 4, Initialization::kNeighbour)),
            kMostDeviation);
}

// What the test has to find: the reference's redraw alone, without its sigma filter.
TEST(JointLaw, TheReferencesRedrawIsBiased) {
  EXPECT_GT(deviation(five_codes(), speculation(Mode::kReference, 4, Initialization::kRandom)),
            kCertainDeviation);
}

// Leaves a code that stayed the law that it was first drawn from.
class KeepsOldLaw : public AcceptRule {
 public:
  explicit KeepsOldLaw(PlaceSampler& sampler) : AcceptRule(sampler, /*coupled=*/true) {}

  bool update(const Look& look, Draft& draft) override {
    const sampling::Law before = draft.law;
    const bool kept = AcceptRule::update(look, draft);
    if (kept) draft.law = before;
    return kept;
  }
};

TEST(JointLaw, ADraftThatKeepsItsOldLawIsBiased) {
  EXPECT_GT(deviation(five_codes(), speculation(Mode::kCoupled, 4, Initialization::kNeighbour),
                      [](PlaceSampler& sampler) { return std::make_unique<KeepsOldLaw>(sampler); }),
            kCertainDeviation);
}

// Draws from the residual by the number that drew the draft.
class ReusesNoise : public AcceptRule {
 public:
  explicit ReusesNoise(PlaceSampler& sampler) : AcceptRule(sampler, /*coupled=*/true) {}

  bool update(const Look& look, Draft& draft) override {
    Look first = look;
    first.pass = 0;
    sampler().law(look.place, look.logits, target_);
    const bool kept =
        draft.exists && sampling::keeps(target_, draft.law, static_cast<std::size_t>(draft.code),
                                        accept_noise(look));
    if (!kept) {
      draft.code = static_cast<std::int32_t>(
          draft.exists ? sampling::draw_residual(target_, draft.law, draw_noise(first))
                       : sampling::draw(target_, draw_noise(first)));
    }
    std::swap(draft.law, target_);
    return kept;
  }
};

TEST(JointLaw, AResidualThatReusesNoiseIsBiased) {
  EXPECT_GT(deviation(five_codes(), speculation(Mode::kCoupled, 4, Initialization::kNeighbour),
                      [](PlaceSampler& sampler) { return std::make_unique<ReusesNoise>(sampler); }),
            kCertainDeviation);
}

// Whole pictures: by the law of each code given those before it, -log p has the law's entropy as
// its mean, and the code's place in the running sum of the law is uniform.
struct Pictures {
  double excess = 0.0;      // mean of -log p - entropy
  double error = 0.0;       // its standard error
  double unevenness = 0.0;  // deviation of the places' chi-square, 20 bins
};

Pictures draw_pictures(Mode mode) {
  Body body;
  body.layout = sampling::PictureLayout(4, 4);
  body.model.codes = 32;
  body.model.spread = 5.0;
  Speculation options = speculation(mode, 16, Initialization::kNeighbour);
  double sum = 0.0;
  double squares = 0.0;
  double count = 0.0;
  std::vector<std::int64_t> bins(20, 0);
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const auto tokens = options.on() ? lumina::testing::run_window(body, options, seed).tokens
                                     : lumina::testing::run_sequential(body, seed);
    std::vector<std::int32_t> before;
    for (const std::int32_t token : tokens) {
      if (token >= kFirstCode) {
        const sampling::Law law = lumina::testing::law_behind(body, before);
        double entropy = 0.0;
        double below = 0.0;
        for (std::size_t code = 0; code < law.size(); ++code) {
          entropy -= law[code] * std::log(law[code]);
          if (static_cast<std::int32_t>(code) < token - kFirstCode) below += law[code];
        }
        const double p = law[token - kFirstCode];
        const double value = -std::log(p) - entropy;
        sum += value;
        squares += value * value;
        count += 1.0;
        const double place = below + p * sampling::uniform(seed, sampling::NoiseStream::kText,
                                                           static_cast<std::uint32_t>(count), 1);
        ++bins[std::min<std::size_t>(static_cast<std::size_t>(place * 20), 19)];
      }
      before.push_back(token);
    }
  }
  Pictures pictures;
  pictures.excess = sum / count;
  pictures.error = std::sqrt((squares / count - pictures.excess * pictures.excess) / count);
  pictures.unevenness = lumina::testing::chi_square_deviation(bins, std::vector<double>(20, 0.05));
  return pictures;
}

TEST(JointLaw, WholePicturesAreAsLikelyAsTheyShouldBe) {
  for (const Mode mode :
       {Mode::kSequential, Mode::kCoupled, Mode::kIndependent, Mode::kFixedNoise}) {
    const Pictures pictures = draw_pictures(mode);
    EXPECT_LT(std::abs(pictures.excess), 3 * pictures.error) << static_cast<int>(mode);
    EXPECT_LT(pictures.unevenness, 4.0) << static_cast<int>(mode);
  }
  const Pictures reference = draw_pictures(Mode::kReference);
  EXPECT_GT(std::abs(reference.excess), 8 * reference.error);
}

TEST(JointLaw, LambdaBoundsEveryCode) {
  const Body body = five_codes();
  Speculation relaxed = speculation(Mode::kRelaxed, 4, Initialization::kNeighbour);
  relaxed.lambda = 1.5;
  EXPECT_GT(deviation(body, relaxed), kCertainDeviation);  // it does change the law

  // Second code given the first: no more than lambda times as likely.
  std::vector<std::int64_t> firsts(kSymbols, 0);
  std::vector<std::vector<std::int64_t>> seconds(kSymbols, std::vector<std::int64_t>(kSymbols, 0));
  for (std::uint64_t seed = 0; seed < kSamples; ++seed) {
    const auto tokens = lumina::testing::run_window(body, relaxed, seed).tokens;
    ++firsts[tokens[0] - kFirstCode];
    ++seconds[tokens[0] - kFirstCode][tokens[1] - kFirstCode];
  }
  for (int first = 0; first < kSymbols; ++first) {
    const sampling::Law law = lumina::testing::law_behind(body, {kFirstCode + first});
    for (int second = 0; second < kSymbols; ++second) {
      const double share = static_cast<double>(seconds[first][second]) / firsts[first];
      const double error = std::sqrt(share * (1 - share) / firsts[first]);
      EXPECT_LT(share, 1.5 * law[second] + 5 * error) << first << ", " << second;
    }
  }
}

}  // namespace
}  // namespace lumina::decoding
