// The window of the Jacobi modes on a stand-in for the model.
#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <utility>

#include "support/plain_body_run.h"

namespace lumina::decoding {
namespace {

using lumina::testing::Body;
using lumina::testing::kFirstCode;
using lumina::testing::run_sequential;
using lumina::testing::run_window;
using lumina::testing::StandInModel;
using lumina::testing::WindowRun;
using sampling::PictureLayout;

constexpr Initialization kInitializations[] = {Initialization::kRandom, Initialization::kLeft,
                                               Initialization::kAbove, Initialization::kNeighbour};
constexpr Mode kModes[] = {Mode::kCoupled, Mode::kFixedNoise, Mode::kIndependent, Mode::kReference,
                           Mode::kRelaxed};

Speculation speculation(Mode mode, int window,
                        Initialization initialization = Initialization::kNeighbour) {
  Speculation result;
  result.mode = mode;
  result.window = window;
  result.initialization = initialization;
  if (mode == Mode::kRelaxed) result.lambda = 1.3;
  return result;
}

Body body(int grid_rows, int grid_columns, int codes = 12) {
  Body result;
  result.layout = PictureLayout(grid_rows, grid_columns);
  result.model.codes = codes;
  result.model.spread = 4.0;
  return result;
}

std::vector<std::int32_t> given_rows(const Body& body, int rows) {
  std::vector<std::int32_t> codes(static_cast<std::size_t>(rows) * body.layout.columns());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    codes[i] = static_cast<std::int32_t>(i * 5 % body.model.codes);
  }
  return sampling::row_tokens(body.layout, lumina::testing::body_token_ids(), kFirstCode, codes);
}

// Gum with every window and initialization gives the tokens of sequential decoding.
void expect_equal(const Body& body) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const auto expected = run_sequential(body, seed);
    for (const int window : {4, 8, 16, 32, 64}) {
      for (const Initialization initialization : kInitializations) {
        const auto run =
            run_window(body, speculation(Mode::kFixedNoise, window, initialization), seed);
        ASSERT_EQ(run.tokens, expected) << "window " << window << ", initialization "
                                        << static_cast<int>(initialization) << ", seed " << seed;
      }
    }
  }
}

TEST(FixedNoise, EqualsSequentialOnEverySize) {
  expect_equal(body(1, 1));
  expect_equal(body(1, 5));
  expect_equal(body(2, 1));
  expect_equal(body(6, 3));
}

TEST(FixedNoise, EqualsSequentialBehindGivenRows) {
  for (const int rows : {1, 4, 7}) {  // of 8: seven, four and one are to be drawn
    Body half = body(2, 2);
    half.given = given_rows(half, rows);
    expect_equal(half);
  }
}

TEST(FixedNoise, EqualsSequentialUnderEverySamplingOption) {
  Body guided = body(2, 2);
  guided.model.guided = true;
  guided.settings.image_top_k = 5;
  guided.settings.temperature = 0.7;
  expect_equal(guided);
  guided.settings.guidance_schedule = sampling::GuidanceSchedule::kReference;
  guided.settings.guidance_scale = 9.0;
  expect_equal(guided);
  guided.settings.image_top_k = 1;
  expect_equal(guided);
}

TEST(FixedNoise, EqualsSequentialUpToALimit) {
  for (const std::int64_t most : {1, 4, 5, 6, 9, 10, 17}) {
    Body part = body(1, 1);
    part.most = most;
    expect_equal(part);
  }
}

// A pass feeds only what may stand at a place.
class CheckedModel : public lumina::testing::WindowModel {
 public:
  CheckedModel(const PictureLayout& layout, lumina::testing::WindowModel& model)
      : layout_(layout), model_(model) {}

  WindowLogits feed(std::int64_t first, const std::vector<std::int32_t>& tokens) override {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const std::int64_t place = first + static_cast<std::int64_t>(i);
      if (place < 0) continue;
      const bool behind = place >= layout_.body_length() - 1;
      if (behind || layout_.kind(place) == PictureLayout::Kind::kNewLine) {
        EXPECT_EQ(tokens[i], behind ? 2 : 3) << place;
        ends_ += behind;
      } else {
        EXPECT_GE(tokens[i], kFirstCode) << place;
        EXPECT_LT(tokens[i], kFirstCode + 12) << place;
      }
    }
    return model_.feed(first, tokens);
  }

  int ends() const { return ends_; }

 private:
  const PictureLayout layout_;
  lumina::testing::WindowModel& model_;
  int ends_ = 0;
};

TEST(DraftWindow, FeedsOnlyWhatMayStandThere) {
  for (const Mode mode : kModes) {
    for (const Initialization initialization : kInitializations) {
      const Body picture = body(1, 2);
      sampling::Chain chain(picture.settings);
      PlaceSampler sampler(chain, picture.layout, picture.codes(), 0);
      const Speculation options = speculation(mode, 16, initialization);
      const auto rule = make_rule(options, sampler);
      DraftWindow::Setup setup;
      setup.layout = picture.layout;
      setup.ids = lumina::testing::body_token_ids();
      setup.before = 18;
      setup.stop = picture.stop();
      DraftWindow window(options, *rule, sampler, setup);
      StandInModel model(picture.model);
      model.begin({18});
      CheckedModel checked(picture.layout, model);
      std::vector<std::int32_t> codes;
      while (!window.done()) {
        const auto& decided = lumina::testing::pass(window, 16, checked);
        EXPECT_GE(decided.size(), 1u);
        EXPECT_LE(decided.size(), 16u);
        codes.insert(codes.end(), decided.begin(), decided.end());
      }
      EXPECT_EQ(codes.size(), 32u);
      EXPECT_GT(checked.ends(), 0);  // the last windows reach beyond the picture
    }
  }
}

// Every draft that is judged, and every one that is left behind, has a law that sums to 1.
class CheckedRule : public DraftRule {
 public:
  explicit CheckedRule(std::unique_ptr<DraftRule> rule) : rule_(std::move(rule)) {}

  bool update(const Look& look, Draft& draft) override {
    if (draft.exists) expect_law(draft);
    const bool kept = rule_->update(look, draft);
    expect_law(draft);
    return kept;
  }
  void end_pass(const Draft& draft) override { rule_->end_pass(draft); }
  void extend(std::int64_t place, std::uint32_t pass, Draft& draft) override {
    rule_->extend(place, pass, draft);
    expect_law(draft);
  }

 private:
  static void expect_law(const Draft& draft) {
    EXPECT_NEAR(std::accumulate(draft.law.begin(), draft.law.end(), 0.0), 1.0, 1e-5);
    EXPECT_GT(draft.law[draft.code], 0.0f);
  }

  std::unique_ptr<DraftRule> rule_;
};

TEST(DraftWindow, DraftsCarryLawsOfTheirCodes) {
  Body picture = body(2, 2);
  picture.settings.image_top_k = 7;
  for (const Mode mode : {Mode::kCoupled, Mode::kIndependent, Mode::kReference, Mode::kRelaxed}) {
    for (const Initialization initialization : kInitializations) {
      const Speculation options = speculation(mode, 8, initialization);
      run_window(picture, options, 1, [&](PlaceSampler& sampler) {
        return std::make_unique<CheckedRule>(make_rule(options, sampler));
      });
    }
  }
}

TEST(DraftWindow, ARunIsAFunctionOfItsSeed) {
  const Body picture = body(2, 2);
  for (const Mode mode : kModes) {
    const auto run = [&](std::uint64_t seed) {
      return run_window(picture, speculation(mode, 8), seed).tokens;
    };
    EXPECT_EQ(run(5), run(5));
    EXPECT_NE(run(5), run(6));
  }
}

TEST(DraftWindow, ALawThatNeverChangesIsAcceptedWhole) {
  Body flat = body(3, 4);  // 12 rows of 16 codes
  flat.model.context = 0;
  for (const Mode mode : {Mode::kCoupled, Mode::kRelaxed, Mode::kFixedNoise, Mode::kIndependent}) {
    const WindowRun run = run_window(flat, speculation(mode, 8), 1);
    // Behind the first pass every draft has the law that the place then turns out to have. The
    // token that is fed first is committed, and at a line's end the newline behind it as well.
    for (std::size_t i = 1; i + 1 < run.codes_per_pass.size(); ++i) {
      EXPECT_GE(run.codes_per_pass[i], 6u) << "mode " << static_cast<int>(mode) << " pass " << i;
    }
  }
}

TEST(DraftWindow, GreedyDraftsHaveOneOutcome) {
  Body greedy = body(2, 3);
  greedy.settings.image_top_k = 1;
  const auto expected = run_sequential(greedy, 1);
  for (const Mode mode : {Mode::kCoupled, Mode::kRelaxed, Mode::kIndependent, Mode::kReference}) {
    for (const Initialization initialization : kInitializations) {
      EXPECT_EQ(run_window(greedy, speculation(mode, 8, initialization), 1).tokens, expected);
    }
  }
}

TEST(DraftWindow, CouplingDecidesMoreCodesAPass) {
  Body picture = body(6, 6, 64);
  picture.model.spread = 2.0;
  const auto mean = [&](Mode mode, int window) {
    double codes = 0;
    double passes = 0;
    for (const std::uint64_t seed : {1, 2, 3, 4}) {
      const WindowRun run = run_window(picture, speculation(mode, window), seed);
      codes += std::accumulate(run.codes_per_pass.begin(), run.codes_per_pass.end(), 0.0);
      passes += static_cast<double>(run.codes_per_pass.size());
    }
    return codes / passes;
  };
  EXPECT_GT(mean(Mode::kCoupled, 16), 1.3 * mean(Mode::kIndependent, 16));
  EXPECT_GT(mean(Mode::kRelaxed, 16), mean(Mode::kCoupled, 16));
  EXPECT_GT(mean(Mode::kCoupled, 32), 1.1 * mean(Mode::kCoupled, 16));  // sjd gains nothing there
  EXPECT_GT(mean(Mode::kIndependent, 16), 2.0);
}

TEST(DraftWindow, OnlyLambdaShiftsTheLaw) {
  const Body picture = body(2, 2);
  for (const Mode mode : kModes) {
    const double shift = run_window(picture, speculation(mode, 8), 1).shift;
    if (mode == Mode::kRelaxed) {
      EXPECT_GT(shift, 0.0);
      EXPECT_LE(shift, 64 * (1.0 - 1.0 / 1.3));  // its bound, code by code
    } else {
      EXPECT_EQ(shift, 0.0);
    }
  }
}

}  // namespace
}  // namespace lumina::decoding
