// Attention of one 7B layer over a cache: milliseconds and the rate at which keys and values are
// read.
#include <ATen/ATen.h>
#include <benchmark/benchmark.h>

#include <vector>

#include "model/attention.h"

namespace lumina {
namespace {

constexpr std::int64_t kHeads = 32;
constexpr std::int64_t kDim = 128;
constexpr int kLayers = 4;  // so that no cache holds the keys

void attention(benchmark::State& state, at::ScalarType dtype) {
  const std::int64_t length = state.range(0);
  const std::int64_t start = state.range(1);
  const at::Tensor q =
      at::rand({1, kHeads, length, kDim}).sub_(0.5).to(dtype == at::kChar ? at::kBFloat16 : dtype);
  const auto cached = [&]() -> model::CachedHeads {
    const at::Tensor numbers = at::rand({kHeads, start + length, kDim}).sub_(0.5);
    if (dtype == at::kChar) return model::round_heads(numbers);
    return numbers.to(dtype);
  };
  std::vector<model::CachedHeads> keys, values;
  for (int layer = 0; layer < kLayers; ++layer) {
    keys.push_back(cached());
    values.push_back(cached());
  }
  const model::Window window = model::make_window({0}, {start}, length, model::Rotation());
  std::int64_t layer = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(model::attend(q, {keys[layer]}, {values[layer]}, window.masks));
    layer = (layer + 1) % kLayers;
  }
  const double bytes =
      2.0 * static_cast<double>(kHeads * (start + length) * kDim) * c10::elementSize(dtype);
  state.counters["cache"] = benchmark::Counter(bytes, benchmark::Counter::kIsIterationInvariantRate,
                                               benchmark::Counter::OneK::kIs1000);
}

void shapes(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"tokens", "before"});
  for (const int start : {63, 1023, 4655}) {
    for (const int length : {1, 2}) bench->Args({length, start});
  }
  for (const int length : {16, 32}) bench->Args({length, 255})->Args({length, 4655});
  bench->Args({512, 0})->Args({512, 4096});
  bench->Unit(benchmark::kMillisecond)->UseRealTime();
}

BENCHMARK_CAPTURE(attention, bf16, at::kBFloat16)->Apply(shapes);
BENCHMARK_CAPTURE(attention, int8, at::kChar)->Apply(shapes);
BENCHMARK_CAPTURE(attention, fp32, at::kFloat)->Apply(shapes);

}  // namespace
}  // namespace lumina
