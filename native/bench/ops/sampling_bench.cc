// The sampling chain over the 16,384 image codes: guidance, top-k, temperature, draw.
#include <benchmark/benchmark.h>

#include <vector>

#include "recipe/recipe.h"
#include "sampling/chain.h"

namespace lumina {
namespace {

constexpr std::size_t kCodes = 16384;

void sampling_chain(benchmark::State& state) {
  std::vector<float> conditional(kCodes);
  std::vector<float> unconditional(kCodes);
  for (std::size_t i = 0; i < kCodes; ++i) {
    conditional[i] = static_cast<float>(3.0 * recipe::uniform(1, i));
    unconditional[i] = static_cast<float>(3.0 * recipe::uniform(2, i));
  }
  sampling::Logits logits;
  logits.conditional = conditional.data();
  logits.unconditional = unconditional.data();
  logits.count = kCodes;
  logits.first_id = 155000;
  sampling::Chain chain{sampling::Settings()};
  std::int64_t position = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(chain.pick(logits, 4.0, state.range(0), position,
                                        sampling::NoiseStream::kPicture, position));
    ++position;
  }
  state.counters["logits"] = benchmark::Counter(2.0 * kCodes * sizeof(float),
                                                benchmark::Counter::kIsIterationInvariantRate,
                                                benchmark::Counter::OneK::kIs1000);
}

BENCHMARK(sampling_chain)
    ->ArgName("top_k")
    ->Arg(1)
    ->Arg(4096)
    ->Arg(16384)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lumina
