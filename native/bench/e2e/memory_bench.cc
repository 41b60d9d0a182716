// Start and resident size of a whole model, as if it drew: LUMINA_BENCH_MODEL names its folder. The
// cache holds a picture of the given side and its prompt, in both rows, and a step has run.
//   LUMINA_BENCH_MODEL=lumina-int4 lumina_bench --benchmark_filter=^memory
#include <ATen/ATen.h>
#include <benchmark/benchmark.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "api/loading.h"
#include "bench/median.h"
#include "device/devices.h"
#include "device/memory.h"

namespace lumina {
namespace {

constexpr std::int64_t kPromptTokens = 150;
constexpr std::int64_t kShort = 64;  // tokens in the cache of a short step
constexpr int kSteps = 9;
constexpr std::int64_t kTogether = 512;  // positions that are written at once

// Codes and line ends of a picture behind its prompt.
std::int64_t tokens_of(std::int64_t side) {
  const std::int64_t rows = side / 8;
  return kPromptTokens + rows * (rows + 1);
}

// What positions hold does not matter to their size.
void fill(model::KvCache& cache, const checkpoint::ModelConfig& config, std::int64_t tokens) {
  for (int row = 0; row < cache.rows(); ++row) {
    for (std::int64_t first = 0; first < tokens; first += kTogether) {
      const std::int64_t count = std::min(kTogether, tokens - first);
      const at::Tensor numbers =
          at::full({config.num_key_value_heads, count, config.head_dim()}, 0.5, at::kBFloat16);
      for (std::int64_t layer = 0; layer < config.num_hidden_layers; ++layer) {
        cache.store(layer, row, first, numbers, numbers);
      }
      cache.extend(row, count);
    }
  }
}

// The time of a decode step of both rows behind what the cache holds.
double step_seconds(const model::Transformer& model, model::KvCache& cache) {
  const checkpoint::ModelConfig& config = model.config();
  const std::vector<std::int64_t> lengths = {cache.length(0), cache.length(1)};
  const auto start = std::chrono::steady_clock::now();
  const at::Tensor hidden = model.forward({0, 1}, at::zeros({2, 1}, at::kLong), cache);
  benchmark::DoNotOptimize(
      model.logits(hidden, config.image_token_offset, config.image_codebook_size));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  for (int row = 0; row < 2; ++row) cache.truncate(row, lengths[row]);
  return seconds.count();
}

void memory(benchmark::State& state, const std::string& kv_cache) {
  const char* folder = std::getenv("LUMINA_BENCH_MODEL");
  if (folder == nullptr) return state.SkipWithError("LUMINA_BENCH_MODEL is not set");
  const c10::InferenceMode guard;
  EngineOptions options;
  options.model_dir = folder;
  const std::string tokenizer = options.model_dir + "/movqgan.safetensors";
  if (std::filesystem::exists(tokenizer)) options.image_tokenizer = tokenizer;
  options.kv_cache = kv_cache;
  options.token_ids = TokenIds{0, 0, 0, {}};
  double load_seconds = 1e9;
  double long_step = 1e9;
  std::vector<double> short_steps;
  std::int64_t resident = 0;
  for (auto _ : state) {
    const auto start = std::chrono::steady_clock::now();
    const api::Loaded loaded = api::load(options);
    const auto loaded_at = std::chrono::steady_clock::now();
    load_seconds = std::min(load_seconds, std::chrono::duration<double>(loaded_at - start).count());
    const checkpoint::ModelConfig& config = loaded.transformer->config();
    const std::int64_t tokens = tokens_of(state.range(0));
    model::KvCache cache = loaded.transformer->new_cache(2, tokens + 1);
    fill(cache, config, tokens);
    long_step = std::min(long_step, step_seconds(*loaded.transformer, cache));
    resident = std::max(resident, device::resident_memory());
    for (int row = 0; row < 2; ++row) cache.truncate(row, kShort);
    for (int i = 0; i < kSteps; ++i) {
      short_steps.push_back(step_seconds(*loaded.transformer, cache));
    }
  }
  state.counters["load_seconds"] = load_seconds;
  state.counters["step_seconds"] = long_step;
  state.counters["short_step_seconds"] = median(short_steps);
  state.counters["resident_bytes"] = static_cast<double>(resident);
}

BENCHMARK_CAPTURE(memory, int8_small, "int8")->Arg(256)->Iterations(2)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(memory, int8_large, "int8")->Arg(768)->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(memory, bf16_large, "auto")->Arg(768)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace lumina
