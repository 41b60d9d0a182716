// Linear layers of the 7B model: milliseconds and the rate at which weights are read.
#include <ATen/ATen.h>
#include <benchmark/benchmark.h>

#include <vector>

#include "model/linear.h"

namespace lumina {
namespace {

// Enough different weights that no cache holds them.
constexpr int kCopies = 4;

void linear(benchmark::State& state, at::ScalarType dtype) {
  const std::int64_t rows = state.range(0);
  const std::int64_t out = state.range(1);
  const std::int64_t in = state.range(2);
  std::vector<model::Linear> layers;
  for (int i = 0; i < kCopies; ++i) {
    layers.emplace_back(at::rand({out, in}).sub_(0.5).to(dtype));
  }
  const at::Tensor x = at::rand({rows, in}).sub_(0.5).to(dtype);
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(layers[next](x));
    next = (next + 1) % layers.size();
  }
  const double bytes = static_cast<double>(out * in) * c10::elementSize(dtype);
  state.counters["weights"] = benchmark::Counter(
      bytes, benchmark::Counter::kIsIterationInvariantRate, benchmark::Counter::OneK::kIs1000);
  state.counters["flops"] = benchmark::Counter(2.0 * static_cast<double>(rows * out * in),
                                               benchmark::Counter::kIsIterationInvariantRate);
}

void shapes(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"rows", "out", "in"});
  for (const int rows : {1, 2, 4, 8, 32, 512}) bench->Args({rows, 11008, 4096});
  for (const int rows : {1, 2}) bench->Args({rows, 4096, 11008});
  for (const int rows : {1, 2}) bench->Args({rows, 4096, 4096});
  bench->Unit(benchmark::kMillisecond)->UseRealTime();
}

BENCHMARK_CAPTURE(linear, bf16, at::kBFloat16)->Apply(shapes);
BENCHMARK_CAPTURE(linear, fp32, at::kFloat)->Apply(shapes);

}  // namespace
}  // namespace lumina
