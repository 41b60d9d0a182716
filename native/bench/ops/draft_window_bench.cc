// A pass of the Jacobi modes without the model: laws of a window, accept or redraw, first guesses,
// over the 16,384 image codes.
#include <benchmark/benchmark.h>

#include <vector>

#include "decoding/draft_window.h"
#include "recipe/recipe.h"

namespace lumina {
namespace {

constexpr std::int32_t kCodes = 16384;

// Logits of two contexts in turn, so that laws change from pass to pass.
class TwoContexts {
 public:
  explicit TwoContexts(int window) {
    const std::size_t count = static_cast<std::size_t>(window) * kCodes;
    for (int context = 0; context < 2; ++context) {
      for (auto* row : {&conditional_[context], &unconditional_[context]}) {
        row->resize(count);
        for (float& logit : *row) logit = static_cast<float>(3.0 * recipe::uniform(1, next_++));
      }
    }
  }

  decoding::WindowLogits next() {
    context_ = 1 - context_;
    return {conditional_[context_].data(), unconditional_[context_].data()};
  }

 private:
  std::vector<float> conditional_[2];
  std::vector<float> unconditional_[2];
  std::uint64_t next_ = 0;
  int context_ = 0;
};

void draft_window(benchmark::State& state, const char* mode) {
  DecodingOptions options;
  options.mode = mode;
  options.window = static_cast<int>(state.range(0));
  const decoding::Speculation speculation = decoding::resolve(options);
  const sampling::PictureLayout layout(128, 128);
  sampling::Chain chain{sampling::Settings()};
  decoding::PlaceSampler sampler(chain, layout, {155000, kCodes}, 0);
  const auto rule = decoding::make_rule(speculation, sampler);
  decoding::DraftWindow::Setup setup;
  setup.layout = layout;
  setup.stop = layout.body_length();
  decoding::DraftWindow window(speculation, *rule, sampler, setup);
  TwoContexts model(speculation.window);
  std::int64_t codes = 0;
  for (auto _ : state) {
    if (window.done()) {
      state.SkipWithError("the picture is complete");
      break;
    }
    codes += static_cast<std::int64_t>(window.take(model.next()).size());
  }
  state.counters["codes_per_pass"] =
      benchmark::Counter(static_cast<double>(codes), benchmark::Counter::kAvgIterations);
}

BENCHMARK_CAPTURE(draft_window, mc, "mc")->Arg(8)->Arg(16)->Arg(32)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(draft_window, sjd, "sjd")->Arg(16)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(draft_window, gum, "gum")->Arg(16)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lumina
