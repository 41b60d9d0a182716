// What few bits move in the law of the next code, on sequences that a model was meant to learn:
// LUMINA_BENCH_MODEL names a model folder whose weights are plain numbers, LUMINA_BENCH_RECORDS
// token records (`lumina demo-data records`). Laws are those of drawing: behind guidance of 4 and
// top-k.
//   lumina_bench --benchmark_filter=^quality
#include <ATen/ATen.h>
#include <benchmark/benchmark.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "checkpoint/model_config.h"
#include "checkpoint/weight_set.h"
#include "device/devices.h"
#include "model/transformer.h"
#include "quant/formats.h"
#include "sampling/chain.h"
#include "sampling/picture_layout.h"
#include "training/token_records.h"

namespace lumina {
namespace {

constexpr std::int64_t kMostRecords = 64;
constexpr double kLeastProbability = 1e-9;  // of a code that top-k has cut

// A record's tokens from `first` on, in row `row` of the cache: hidden states [T, H].
at::Tensor run(const model::Transformer& model, model::KvCache& cache, int row,
               const training::TokenRecord& record, std::int64_t first) {
  const at::Tensor ids = at::empty({1, record.length - first}, at::kLong);
  std::copy(record.tokens + first, record.tokens + record.length, ids.data_ptr<std::int64_t>());
  return model.forward({row}, ids, cache)[0];
}

// The laws of all codes of a record that are learned: one vector each.
std::vector<sampling::Law> laws(const model::Transformer& model,
                                const training::TokenRecord& record) {
  const checkpoint::ModelConfig& config = model.config();
  const auto is_code = [&](std::int32_t token) {
    return token >= config.image_token_offset &&
           token < config.image_token_offset + config.image_codebook_size;
  };
  std::int64_t first_code = 0;
  while (first_code < record.length && !is_code(record.tokens[first_code])) ++first_code;
  const std::int64_t start = first_code - sampling::PictureLayout::kHeader;
  std::vector<std::int64_t> places;  // whose next token is such a code
  for (std::int64_t i = first_code; i < record.length; ++i) {
    if (is_code(record.tokens[i]) && record.labels[i] != training::kNoLabel)
      places.push_back(i - 1);
  }
  if (places.empty() || start < 0) return {};
  model::KvCache cache = model.new_cache(2, record.length);
  const at::Tensor index = at::tensor(places, at::kLong);
  const auto logits = [&](const at::Tensor& hidden) {
    return model.logits(hidden, config.image_token_offset, config.image_codebook_size).contiguous();
  };
  const at::Tensor told = logits(run(model, cache, 0, record, 0).index_select(0, index));
  const at::Tensor untold =
      logits(run(model, cache, 1, record, start).index_select(0, index - start));
  sampling::Chain chain{sampling::Settings()};
  const auto& settings = chain.settings();
  const auto count = static_cast<std::size_t>(config.image_codebook_size);
  std::vector<sampling::Law> result(places.size(), sampling::Law(count));
  for (std::size_t i = 0; i < places.size(); ++i) {
    chain.law({told.const_data_ptr<float>() + i * count, untold.const_data_ptr<float>() + i * count,
               count, static_cast<std::int32_t>(config.image_token_offset)},
              settings.guidance_scale, settings.image_top_k, static_cast<std::int64_t>(i),
              result[i]);
  }
  return result;
}

std::size_t likeliest(const sampling::Law& law) {
  return std::max_element(law.begin(), law.end()) - law.begin();
}

// `p` from the plain model, `q` from the other, in nats.
double divergence(const sampling::Law& p, const sampling::Law& q) {
  double sum = 0.0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (p[i] > 0.0f) sum += p[i] * std::log(p[i] / std::max<double>(q[i], kLeastProbability));
  }
  return sum;
}

void quality(benchmark::State& state, const std::string& format, bool round_activations,
             bool round_cache) {
  const char* folder = std::getenv("LUMINA_BENCH_MODEL");
  const char* data = std::getenv("LUMINA_BENCH_RECORDS");
  if (folder == nullptr || data == nullptr) {
    return state.SkipWithError("LUMINA_BENCH_MODEL and LUMINA_BENCH_RECORDS are not set");
  }
  const c10::InferenceMode guard;
  device::set_threads(0);
  const auto config = checkpoint::ModelConfig::read(folder);
  const auto weights = checkpoint::WeightSet::open(folder);
  const training::TokenRecords records(data, config.vocab_size);
  const model::Transformer plain(config, weights, at::kBFloat16);
  model::Storage storage(at::kBFloat16);
  storage.format = &quant::find_format(format);
  storage.round_activations = round_activations;
  storage.round_cache = round_cache;
  const model::Transformer quantized(config, weights, storage);
  double sum = 0.0;
  double agree = 0.0;
  double codes = 0.0;
  for (auto _ : state) {
    for (std::int64_t i = 0; i < std::min(records.count(), kMostRecords); ++i) {
      const auto expected = laws(plain, records[i]);
      const auto actual = laws(quantized, records[i]);
      for (std::size_t place = 0; place < expected.size(); ++place) {
        sum += divergence(expected[place], actual[place]);
        agree += likeliest(expected[place]) == likeliest(actual[place]) ? 1.0 : 0.0;
        codes += 1.0;
      }
    }
  }
  state.counters["codes"] = codes;
  state.counters["kl"] = sum / codes;
  state.counters["agreement"] = agree / codes;
}

void once(benchmark::internal::Benchmark* bench) { bench->Iterations(1)->Unit(benchmark::kSecond); }

BENCHMARK_CAPTURE(quality, int8, "int8", true, false)->Apply(once);
BENCHMARK_CAPTURE(quality, int4_rtn, "int4:rtn", true, false)->Apply(once);
BENCHMARK_CAPTURE(quality, int4_hqq, "int4:hqq", true, false)->Apply(once);
BENCHMARK_CAPTURE(quality, int4_rtn_exact, "int4:rtn", false, false)->Apply(once);
BENCHMARK_CAPTURE(quality, int4_hqq_exact, "int4:hqq", false, false)->Apply(once);
BENCHMARK_CAPTURE(quality, int4_hqq_cache, "int4:hqq", true, true)->Apply(once);

}  // namespace
}  // namespace lumina
