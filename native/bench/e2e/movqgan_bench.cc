// MoVQGAN at the real 270M widths with recipe weights: seconds, and the memory of the whole process
// on top of what was resident before.
//   lumina_bench --benchmark_filter=Movqgan
#include <ATen/ATen.h>
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>

#include "device/devices.h"
#include "device/memory.h"
#include "recipe/recipe.h"
#include "support/aten_decoder.h"
#include "vision/movqgan.h"

namespace lumina {
namespace {

using vision::Movqgan;
using vision::MovqganOptions;
using vision::MovqganPart;

const checkpoint::WeightSet& weights() {
  static const checkpoint::WeightSet set = recipe::make_weights(
      recipe::Family::kMovqgan, vision::movqgan_tensors(vision::movqgan_270m()));
  return set;
}

template <typename Call>
void measure(benchmark::State& state, Call call) {
  std::int64_t working = 0;
  for (auto _ : state) {
    state.PauseTiming();
    device::reset_peak_resident_memory();
    const std::int64_t before = device::peak_resident_memory();  // what is resident now
    state.ResumeTiming();
    benchmark::DoNotOptimize(call());
    state.PauseTiming();
    working = std::max(working, device::peak_resident_memory() - before);
    state.ResumeTiming();
  }
  state.counters["working_GB"] = static_cast<double>(working) / 1e9;
}

void decode(benchmark::State& state, at::ScalarType dtype) {
  const std::int64_t side = state.range(0) / 8;
  MovqganOptions options;
  options.part = MovqganPart::kDecoder;
  options.decoder_dtype = dtype;
  const Movqgan network(weights(), options);
  const std::vector<std::int32_t> codes =
      recipe::codes(side * side, network.config().codebook_size);
  const at::Tensor grid = at::tensor(codes, at::kInt).view({1, side, side});
  measure(state, [&] { return network.decode(grid); });
}

void MovqganDecode(benchmark::State& state) { decode(state, at::kFloat); }
void MovqganDecodeBfloat16(benchmark::State& state) { decode(state, at::kBFloat16); }

void MovqganEncode(benchmark::State& state) {
  const std::int64_t side = state.range(0);
  MovqganOptions options;
  options.part = MovqganPart::kEncoder;
  const Movqgan network(weights(), options);
  const std::vector<float> pixels = recipe::image("input", 1, side, side);
  const at::Tensor image = at::tensor(pixels).view({1, 3, side, side});
  measure(state, [&] { return network.encode(image); });
}

// Decoding 256x256 in turns with the plain sequence of ATen calls; seconds of the faster of each.
void MovqganBars(benchmark::State& state) {
  const int threads = device::set_threads(0);
  MovqganOptions options;
  options.part = MovqganPart::kDecoder;
  const Movqgan network(weights(), options);
  const testing::AtenDecoder plain(weights(), network.config());
  const at::Tensor codes =
      at::tensor(recipe::codes(32 * 32, network.config().codebook_size), at::kLong)
          .view({1, 32, 32});
  const auto seconds = [&](auto&& decode) {
    const auto start = std::chrono::steady_clock::now();
    benchmark::DoNotOptimize(decode());
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  double ours = 1e9;
  double aten = 1e9;
  for (auto _ : state) {
    ours = std::min(ours, seconds([&] { return network.decode(codes); }));
    aten = std::min(aten, seconds([&] { return plain.decode(codes); }));
  }
  state.counters["threads"] = threads;
  state.counters["seconds"] = ours;
  state.counters["seconds_of_aten"] = aten;
}

BENCHMARK(MovqganBars)->Unit(benchmark::kSecond)->UseRealTime()->Iterations(2);
BENCHMARK(MovqganDecode)
    ->Arg(256)
    ->Arg(768)
    ->Unit(benchmark::kSecond)
    ->UseRealTime()
    ->Iterations(1);
BENCHMARK(MovqganDecodeBfloat16)
    ->Arg(256)
    ->Arg(768)
    ->Unit(benchmark::kSecond)
    ->UseRealTime()
    ->Iterations(1);
BENCHMARK(MovqganEncode)
    ->Arg(256)
    ->Arg(768)
    ->Unit(benchmark::kSecond)
    ->UseRealTime()
    ->Iterations(1);

}  // namespace
}  // namespace lumina
