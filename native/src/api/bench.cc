#include "api/bench.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <vector>

#include "api/loading.h"
#include "device/devices.h"
#include "device/memory.h"
#include "recipe/recipe.h"
#include "vision/pixels.h"

namespace lumina::api {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Options {
  EngineOptions engine;
  std::vector<std::int64_t> cache_lengths;
  std::vector<std::int64_t> windows;  // tokens of speculative passes
  int steps = 5;
  std::int64_t prompt_tokens = 64;
  std::vector<int> image_sides;
};

Options parse(const std::string& text) {
  Options options;
  try {
    const json source = json::parse(text);
    options.engine.model_dir = source.at("model").get<std::string>();
    options.engine.image_tokenizer = source.value("image_tokenizer", "");
    options.engine.dtype = source.value("dtype", "auto");
    options.engine.quantize = source.value("quantize", "");
    options.engine.activations = source.value("activations", options.engine.activations);
    options.engine.kv_cache = source.value("kv_cache", options.engine.kv_cache);
    options.engine.threads = source.value("threads", 0);
    // No token is chosen, so their ids do not matter; the released ones are beyond a small
    // vocabulary.
    options.engine.token_ids = TokenIds{0, 0, 0, {}};
    options.cache_lengths =
        source.value("cache_lengths", std::vector<std::int64_t>{64, 1024, 4656});
    options.windows = source.value("windows", std::vector<std::int64_t>{});
    options.steps = source.value("steps", options.steps);
    options.prompt_tokens = source.value("prompt_tokens", options.prompt_tokens);
    options.image_sides = source.value("image_sides", std::vector<int>{});
    if (options.image_sides.empty()) options.engine.image_tokenizer.clear();
  } catch (const json::exception& error) {
    throw Error(ErrorCode::kInvalidArgument, std::string("bench options: ") + error.what());
  }
  const auto positive = [](auto value) { return value >= 1; };
  if (!positive(options.steps) || !positive(options.prompt_tokens) ||
      !std::all_of(options.cache_lengths.begin(), options.cache_lengths.end(), positive) ||
      !std::all_of(options.windows.begin(), options.windows.end(), positive)) {
    throw Error(ErrorCode::kInvalidArgument,
                "bench options: steps, prompt tokens, cache lengths and windows must be 1 or more");
  }
  for (const int side : options.image_sides) {
    if (side < 8 || side % 8 != 0) {
      throw Error(ErrorCode::kInvalidArgument,
                  "bench options: image side " + std::to_string(side) + " is not a multiple of 8");
    }
  }
  return options;
}

// Tells the observer how many of the measurements are done, and looks at the flag.
class Meter {
 public:
  Meter(Observer* observer, const CancellationFlag* flag, std::int64_t total)
      : observer_(observer), flag_(flag), total_(total), start_(Clock::now()) {}

  void check() const {
    if (flag_ && flag_->is_cancelled()) throw Error(ErrorCode::kCancelled, "bench cancelled");
  }

  void advance() {
    ++done_;
    check();
    Progress progress;
    progress.phase = Progress::kDecode;
    progress.tokens_done = done_;
    progress.tokens_total = total_;
    progress.seconds = seconds_since(start_);
    if (observer_ && !observer_->on_progress(progress)) {
      throw Error(ErrorCode::kCancelled, "bench cancelled");
    }
  }

 private:
  Observer* observer_;
  const CancellationFlag* flag_;
  std::int64_t total_;
  std::int64_t done_ = 0;
  Clock::time_point start_;
};

Precision precision_of(const Loaded& loaded) {
  return loaded.transformer->dtype() == at::kFloat ? Precision::kFp32 : Precision::kBf16;
}

std::int64_t weight_bytes(const Loaded& loaded) {
  return transformer_bytes(loaded.transformer->config(), precision_of(loaded), loaded.format);
}

// What one step of both rows must read: all layer weights, the image rows of the head, and the
// cache.
std::int64_t step_bytes(const Loaded& loaded, std::int64_t cache_length) {
  const auto& config = loaded.transformer->config();
  const std::int64_t vocabulary = (config.tie_word_embeddings ? 1 : 2) * config.vocab_size;
  // Quantised weights have a second head, of the image rows only.
  const std::int64_t read = loaded.format == nullptr ? config.image_codebook_size : 0;
  const std::int64_t unread = (vocabulary - read) * config.hidden_size;
  return weight_bytes(loaded) - unread * element_bytes(precision_of(loaded)) +
         model::KvCache::bytes(config, 2, cache_length, loaded.transformer->cache_dtype());
}

// Fills both rows of the cache up to `length` with an arbitrary text.
void fill_cache(const Loaded& loaded, model::KvCache& cache, std::int64_t length,
                const Meter& meter) {
  const auto missing = length - cache.length(0);
  if (missing <= 0) {
    for (int row = 0; row < 2; ++row) cache.truncate(row, length);
    return;
  }
  const at::Tensor ids = at::arange(missing, at::kLong)
                             .remainder_(loaded.transformer->config().vocab_size)
                             .expand({2, missing})
                             .contiguous();
  model::ForwardHooks hooks;
  hooks.before_layer = [&] { meter.check(); };
  loaded.transformer->forward({0, 1}, ids, cache, hooks);
}

// Median seconds of a pass of `tokens` in both rows behind `length` tokens of the cache.
double pass_seconds(const Loaded& loaded, const Options& options, model::KvCache& cache,
                    std::int64_t length, std::int64_t tokens, const Meter& meter) {
  const auto& config = loaded.transformer->config();
  const at::Tensor ids = at::zeros({2, tokens}, at::kLong);
  std::vector<double> seconds;
  for (int step = 0; step <= options.steps; ++step) {
    for (int row = 0; row < 2; ++row) cache.truncate(row, length);
    const auto start = Clock::now();
    const at::Tensor hidden = loaded.transformer->forward({0, 1}, ids, cache);
    loaded.transformer->logits(hidden, config.image_token_offset, config.image_codebook_size);
    if (step > 0) seconds.push_back(seconds_since(start));  // the first one warms up
    meter.check();
  }
  for (int row = 0; row < 2; ++row) cache.truncate(row, length);
  std::sort(seconds.begin(), seconds.end());
  return seconds[seconds.size() / 2];
}

json measure_steps(const Loaded& loaded, const Options& options, model::KvCache& cache,
                   double bandwidth, Meter& meter) {
  json rows = json::array();
  for (const auto length : options.cache_lengths) {
    fill_cache(loaded, cache, length, meter);
    const double step = pass_seconds(loaded, options, cache, length, 1, meter);
    json windows = json::array();
    for (const auto window : options.windows) {
      const double pass = pass_seconds(loaded, options, cache, length, window, meter);
      windows.push_back({{"window", window}, {"milliseconds", pass * 1e3}, {"steps", pass / step}});
    }
    const auto bytes = step_bytes(loaded, length);
    rows.push_back({{"cache_length", length},
                    {"milliseconds", step * 1e3},
                    {"tokens_per_second", 1.0 / step},
                    {"bytes", bytes},
                    {"bandwidth_share", bytes / step / bandwidth},
                    {"windows", windows}});
    meter.advance();
  }
  return rows;
}

json measure_pictures(const Loaded& loaded, const std::vector<int>& sides, Meter& meter) {
  json rows = json::array();
  for (const int side : sides) {
    const auto pixels = recipe::image("input", 1, side, side);
    const at::Tensor image = at::tensor(pixels).view({1, 3, side, side});
    auto start = Clock::now();
    const at::Tensor codes = loaded.movqgan->encode(image);
    const double encode = seconds_since(start);
    meter.advance();
    start = Clock::now();
    loaded.movqgan->decode(codes);
    rows.push_back(
        {{"side", side}, {"encode_seconds", encode}, {"decode_seconds", seconds_since(start)}});
    meter.advance();
  }
  return rows;
}

}  // namespace

std::string run_bench(const std::string& text, Observer* observer, const CancellationFlag* flag) {
  const c10::InferenceMode guard;
  const Options options = parse(text);
  if (options.engine.model_dir.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "bench options: a model folder is needed");
  }
  const std::size_t pictures =
      options.engine.image_tokenizer.empty() ? 0 : options.image_sides.size();
  Meter meter(observer, flag, 1 + options.cache_lengths.size() + 2 * pictures);
  const int threads = device::set_threads(options.engine.threads);
  const double bandwidth = device::measure_read_bandwidth(threads);

  auto start = Clock::now();
  const Loaded loaded = load(options.engine);
  json report{{"machine", device::cpu_description()},
              {"threads", threads},
              {"dtype", loaded.transformer->dtype() == at::kFloat ? "fp32" : "bf16"},
              {"kv_cache", options.engine.kv_cache},
              {"quantization", loaded.format == nullptr ? "" : loaded.format->name()},
              {"read_bandwidth", bandwidth},
              {"load_seconds", seconds_since(start)}};

  std::int64_t capacity = options.prompt_tokens;
  std::int64_t widest = 1;
  for (const auto window : options.windows) widest = std::max(widest, window);
  for (const auto length : options.cache_lengths) capacity = std::max(capacity, length + widest);
  model::KvCache cache = loaded.transformer->new_cache(2, capacity);
  start = Clock::now();
  fill_cache(loaded, cache, options.prompt_tokens, meter);
  report["prefill"] = {{"tokens", options.prompt_tokens}, {"seconds", seconds_since(start)}};
  meter.advance();
  report["steps"] = measure_steps(loaded, options, cache, bandwidth, meter);
  report["pictures"] =
      pictures ? measure_pictures(loaded, options.image_sides, meter) : json::array();
  report["weight_bytes"] = weight_bytes(loaded);
  report["cache_bytes"] = model::KvCache::bytes(loaded.transformer->config(), 2, capacity,
                                                loaded.transformer->cache_dtype());
  report["peak_memory_bytes"] = device::peak_resident_memory();
  return report.dump();
}

}  // namespace lumina::api
