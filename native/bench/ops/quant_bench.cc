// Quantised matrices of the 7B model. `bars` measures, in turns on the same machine, what the
// project promises: the rate of reading at two rows as a share of the memory's, the time of 32 rows
// as a multiple of that of two, and operations per second.
#include <ATen/ATen.h>
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench/median.h"
#include "device/devices.h"
#include "quant/formats.h"
#include "quant/weight.h"

namespace lumina {
namespace {

constexpr std::int64_t kOut = 11008;
constexpr std::int64_t kIn = 4096;
// Enough different weights that no cache holds them.
constexpr int kCopies = 6;

std::vector<std::shared_ptr<const quant::Weight>> weights(const std::string& format,
                                                          bool round_activations) {
  const at::Tensor weight = at::rand({kOut, kIn}).sub_(0.5).to(at::kBFloat16);
  std::vector<std::shared_ptr<const quant::Weight>> copies;
  for (int i = 0; i < kCopies; ++i) {
    copies.push_back(quant::quantize(weight, quant::find_format(format), round_activations));
  }
  return copies;
}

double packed_bytes(const std::string& format) {
  return static_cast<double>(quant::find_format(format).layout(kOut, kIn).bytes());
}

double operations(std::int64_t rows) { return 2.0 * static_cast<double>(rows * kOut * kIn); }

void product(benchmark::State& state, const std::string& format, bool round_activations) {
  const std::int64_t rows = state.range(0);
  const auto layers = weights(format, round_activations);
  const at::Tensor x = at::rand({rows, kIn}).sub_(0.5).to(at::kBFloat16);
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(layers[next]->product(x, {}, 0, kOut));
    next = (next + 1) % layers.size();
  }
  state.counters["weights"] =
      benchmark::Counter(packed_bytes(format), benchmark::Counter::kIsIterationInvariantRate,
                         benchmark::Counter::OneK::kIs1000);
  state.counters["ops"] =
      benchmark::Counter(operations(rows), benchmark::Counter::kIsIterationInvariantRate);
}

void rows(benchmark::internal::Benchmark* bench) {
  bench->ArgName("rows");
  for (const int count : {1, 2, 4, 8, 16, 32, 64, 512}) bench->Arg(count);
  bench->Unit(benchmark::kMillisecond)->UseRealTime();
}

BENCHMARK_CAPTURE(product, int4, "int4:128", true)->Apply(rows);
BENCHMARK_CAPTURE(product, int4_group_32, "int4:32", true)->Apply(rows);
BENCHMARK_CAPTURE(product, int8, "int8", true)->Apply(rows);
BENCHMARK_CAPTURE(product, int4_exact, "int4:128", false)->Apply(rows);

// What libtorch has for the same: its int4 product, bf16 activations.
void aten(benchmark::State& state) {
  const std::int64_t rows = state.range(0);
  const at::Tensor codes = at::randint(16, {kOut, kIn}, at::kInt);
  std::vector<at::Tensor> packed;
  for (int i = 0; i < kCopies; ++i) {
    packed.push_back(at::_convert_weight_to_int4pack_for_cpu(codes, /*innerKTiles=*/8));
  }
  const at::Tensor scales = at::rand({kIn / 128, kOut, 2}).to(at::kBFloat16);
  const at::Tensor x = at::rand({rows, kIn}).sub_(0.5).to(at::kBFloat16);
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(at::_weight_int4pack_mm_for_cpu(x, packed[next], 128, scales));
    next = (next + 1) % packed.size();
  }
  state.counters["ops"] =
      benchmark::Counter(operations(rows), benchmark::Counter::kIsIterationInvariantRate);
}

BENCHMARK(aten)
    ->ArgName("rows")
    ->Arg(1)
    ->Arg(2)
    ->Arg(32)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

// Seconds of the fastest of a few products.
double fastest(const std::vector<std::shared_ptr<const quant::Weight>>& layers,
               const at::Tensor& x) {
  double best = 1e9;
  for (int round = 0; round < 2; ++round) {
    for (const auto& layer : layers) {
      const auto start = std::chrono::steady_clock::now();
      benchmark::DoNotOptimize(layer->product(x, {}, 0, kOut));
      const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
      best = std::min(best, seconds.count());
    }
  }
  return best;
}

void bars(benchmark::State& state, const std::string& format) {
  const int threads = device::set_threads(0);
  const auto layers = weights(format, true);
  const at::Tensor two = at::rand({2, kIn}).sub_(0.5).to(at::kBFloat16);
  const at::Tensor many = at::rand({32, kIn}).sub_(0.5).to(at::kBFloat16);
  double bandwidth = 0.0;
  double seconds_two = 1e9;
  double seconds_many = 1e9;
  for (auto _ : state) {
    bandwidth = std::max(bandwidth, device::measure_read_bandwidth(threads));
    seconds_two = std::min(seconds_two, fastest(layers, two));
    seconds_many = std::min(seconds_many, fastest(layers, many));
  }
  state.counters["bandwidth"] = bandwidth;
  state.counters["ms_of_2"] = seconds_two * 1e3;
  state.counters["share_of_bandwidth"] = packed_bytes(format) / seconds_two / bandwidth;
  state.counters["ms_of_32"] = seconds_many * 1e3;
  state.counters["times_2"] = seconds_many / seconds_two;
  state.counters["ops_of_32"] = operations(32) / seconds_many;
}

// All products of one layer of the 7B model at two rows, in turns: ours, as the model asks for them
// (those of the same inputs together), and libtorch's, one call each. Medians over several layers:
// how memory's pages happen to lie moves libtorch's time by a fifth from one layer to the next, and
// a step meets all of them, not the luckiest.
void layer(benchmark::State& state) {
  constexpr std::int64_t kGroup = 128;
  constexpr int kLayers = 4;
  struct Matrix {
    explicit Matrix(std::int64_t out, std::int64_t in)
        : ours(quant::quantize(at::rand({out, in}).sub_(0.5).to(at::kBFloat16),
                               quant::find_format("int4:128"), true)),
          aten(at::_convert_weight_to_int4pack_for_cpu(at::randint(16, {out, in}, at::kInt),
                                                       /*innerKTiles=*/8)),
          scales(at::rand({in / kGroup, out, 2}).to(at::kBFloat16)) {}
    std::shared_ptr<const quant::Weight> ours;
    at::Tensor aten;
    at::Tensor scales;
  };
  struct Together {
    at::Tensor x;
    std::vector<Matrix> matrices;
    std::vector<quant::Factor> factors;
  };
  using Shapes = std::vector<std::pair<std::int64_t, std::int64_t>>;  // outputs, inputs
  const Shapes attention(3, {kIn, kIn}), projection(1, {kIn, kIn}), inner(2, {kOut, kIn}),
      back(1, {kIn, kOut});
  using Layer = std::vector<Together>;
  std::vector<Layer> layers(kLayers);
  for (Layer& layer : layers) {
    for (const Shapes& shapes : {attention, projection, inner, back}) {
      Together part;
      part.x = at::rand({2, shapes[0].second}).sub_(0.5).to(at::kBFloat16);
      for (const auto& [out, in] : shapes) part.matrices.emplace_back(out, in);
      for (const Matrix& matrix : part.matrices) {
        part.factors.push_back({matrix.ours.get(), {}, 0, matrix.ours->out_features()});
      }
      layer.push_back(std::move(part));
    }
  }
  const auto ms = [](const Layer& layer, auto&& products) {
    const auto start = std::chrono::steady_clock::now();
    for (const Together& part : layer) products(part);
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
        .count();
  };
  std::vector<double> ours;
  std::vector<double> aten;
  for (auto _ : state) {
    for (const Layer& layer : layers) {
      ours.push_back(ms(layer, [](const Together& part) {
        benchmark::DoNotOptimize(quant::products(part.x, part.factors));
      }));
    }
    for (const Layer& layer : layers) {
      aten.push_back(ms(layer, [](const Together& part) {
        for (const Matrix& matrix : part.matrices) {
          benchmark::DoNotOptimize(
              at::_weight_int4pack_mm_for_cpu(part.x, matrix.aten, kGroup, matrix.scales));
        }
      }));
    }
  }
  state.counters["ms"] = median(ours);
  state.counters["ms_of_aten"] = median(aten);
}

BENCHMARK(layer)->Iterations(20)->UseRealTime();

BENCHMARK_CAPTURE(bars, int4, "int4:128")->Iterations(5)->UseRealTime();
BENCHMARK_CAPTURE(bars, int8, "int8")->Iterations(5)->UseRealTime();

}  // namespace
}  // namespace lumina
