// Bars of the GPU, as JSON: what memory and tensor cores deliver, decode steps of the 7B shape at
// several places of a picture, windows, and what a picture takes. Weights are one random row,
// repeated: numbers do not matter to time, and every guess of a window is then accepted.
//   lumina_gpu_bench [--layers N] > gpu.json
#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "bench/median.h"
#include "decoding/decode.h"
#include "decoding/static_step.h"
#include "device/cuda.h"
#include "model/layout.h"
#include "quant/formats.h"
#include "sampling/options.h"

namespace lumina {
namespace {

using nlohmann::json;

constexpr std::int64_t kSide = 96;     // codes of a side: 768 pixels
constexpr std::int64_t kPrompt = 120;  // tokens in front of the picture
constexpr int kRuns = 7;

const at::Device kDevice(at::kCUDA, 0);

double seconds_now() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

// The median time of a run of `work`, made `times` times.
double median_seconds(int times, const std::function<void()>& work) {
  std::vector<double> runs;
  for (int run = 0; run < kRuns; ++run) {
    device::cuda::synchronize(kDevice);
    const double begin = seconds_now();
    for (int i = 0; i < times; ++i) work();
    device::cuda::synchronize(kDevice);
    runs.push_back((seconds_now() - begin) / times);
  }
  return median(runs);
}

at::TensorOptions on_gpu(at::ScalarType type) { return at::TensorOptions(kDevice).dtype(type); }

json ceilings() {
  json result;
  const at::Tensor from = at::ones({std::int64_t{1} << 31}, on_gpu(at::kByte));
  const at::Tensor to = at::empty_like(from);
  const double copy = median_seconds(5, [&] { to.copy_(from); });
  result["copy_bytes_per_second"] = 2.0 * static_cast<double>(from.numel()) / copy;
  const at::Tensor a = at::randn({8192, 8192}, on_gpu(at::kBFloat16));
  const double product = median_seconds(5, [&] { at::matmul(a, a); });
  result["bf16_flops"] = 2.0 * 8192.0 * 8192.0 * 8192.0 / product;
  return result;
}

checkpoint::ModelConfig shape_7b(std::int64_t layers) {
  checkpoint::ModelConfig config;  // of that shape, but for these
  config.vocab_size = 171385;
  config.num_hidden_layers = layers;
  config.max_position_embeddings = 10240;
  return config;
}

checkpoint::WeightSet repeated_weights(const checkpoint::ModelConfig& config) {
  constexpr std::int64_t kLongest = 1 << 18;
  const auto row = std::make_shared<std::vector<std::uint16_t>>(kLongest);
  std::mt19937 random(1);
  for (std::uint16_t& number : *row) {  // bf16 of either sign, around 1 / 64
    number = static_cast<std::uint16_t>(0x3c80u | (random() & 0x807fu));
  }
  std::map<std::string, checkpoint::TensorView> tensors;
  for (const checkpoint::TensorSpec& spec : model::transformer_tensors(config)) {
    checkpoint::TensorView view;
    view.dtype = checkpoint::DType::kBFloat16;
    view.shape = spec.shape;
    view.strides.assign(spec.shape.size(), 0);
    view.strides.back() = 1;
    view.data = row->data();
    view.owner = row;
    view.file = "one row";
    tensors.emplace(spec.name, view);
  }
  return checkpoint::WeightSet::in_memory(std::move(tensors), "one row");
}

TokenIds token_ids() {
  TokenIds ids;
  ids.image_start = 1;
  ids.image_end = 2;
  ids.new_line = 3;
  for (std::size_t n = 0; n < ids.grid.size(); ++n) ids.grid[n] = 16 + static_cast<int>(n);
  return ids;
}

// A step of two rows behind `places` places of a picture: by itself and as a graph.
json step(const model::Transformer& model, model::KvCache& cache, std::int64_t places, int window) {
  decoding::StaticStep::Setup setup;
  setup.layout = sampling::PictureLayout(kSide / 4, kSide / 4);
  setup.ids = token_ids();
  setup.codes = decoding::codes_of(model.config());
  setup.settings.image_top_k = 4096;
  setup.given = places;
  setup.stop = setup.layout.body_length();
  setup.window = window;
  decoding::StaticStep::Side side;
  side.window.assign(window, 155000);
  side.lengths = {kPrompt + places, 3 + places};
  setup.sides = {side};
  sampling::Chain chain(setup.settings);
  const decoding::PlaceSampler sampler(chain, setup.layout, setup.codes, places);
  decoding::StaticStep step(model, cache, setup, sampler);
  const auto work = [&step] {
    step.reset();  // at the same place again
    step();
  };
  const auto graph = device::cuda::capture(work, kDevice);
  json result{{"places", places}, {"window", window}};
  result["milliseconds"] = 1e3 * median_seconds(10, [&] { graph->replay(); });
  result["eager_milliseconds"] = 1e3 * median_seconds(3, work);
  return result;
}

// Bytes that a step must read: weights of the layers and the image head, and the used cache.
double step_bytes(const model::Transformer& model, const std::string& format, bool round_cache,
                  std::int64_t places) {
  const auto& c = model.config();
  const double layer =
      4.0 * c.hidden_size * c.hidden_size + 3.0 * c.hidden_size * c.intermediate_size;
  const double weight = format == "int4" ? 4.25 / 8 : 2.0;
  const double position = 2.0 * c.hidden_size * (round_cache ? 1.0 + 4.0 / 128 : 2.0);
  const double used = 2.0 * places + kPrompt + 3;
  return c.num_hidden_layers * (layer * weight + position * used) +
         2.0 * c.image_codebook_size * c.hidden_size;
}

json model_bench(std::int64_t layers, const std::string& format, bool round_cache) {
  const checkpoint::ModelConfig config = shape_7b(layers);
  model::Storage storage = at::kBFloat16;
  storage.device = kDevice;
  storage.round_cache = round_cache;
  if (format == "int4") storage.format = &quant::find_format("int4");
  device::cuda::release_unused_memory();
  const double begin = seconds_now();
  const model::Transformer model(config, repeated_weights(config), storage);
  device::cuda::synchronize(kDevice);
  json result{{"format", format}, {"cache", round_cache ? "int8" : "bf16"}, {"layers", layers}};
  result["load_seconds"] = seconds_now() - begin;
  const std::int64_t capacity = kPrompt + kSide * (kSide + 1) + 80;
  model::KvCache cache = model.new_cache(2, capacity);
  for (std::int64_t layer = 0; layer < layers; ++layer) {  // what it holds does not matter
    for (const model::CachedHeads& part : {cache.all_keys(layer), cache.all_values(layer)}) {
      part.values.fill_(1);
      if (part.scale.defined()) part.scale.fill_(0.01);
    }
  }
  json steps = json::array();
  for (const std::int64_t places : {64, 2328, 4656, 6984, 9200}) {
    json one = step(model, cache, places, 1);
    one["bytes"] = step_bytes(model, format, round_cache, places);
    steps.push_back(one);
  }
  for (const int window : {8, 16, 32}) steps.push_back(step(model, cache, 4656, window));
  result["steps"] = steps;
  const device::cuda::Found found = device::cuda::look(0);
  result["memory_bytes"] = found.memory_bytes - found.available_bytes;
  return result;
}

// A whole picture, from its prompt to its codes.
json picture(const model::Transformer& model, const std::string& mode, int window) {
  decoding::DecodeRequest request;
  request.prompt.assign(kPrompt, 200);
  request.grid_rows = request.grid_columns = kSide / 4;
  request.sampling.image_top_k = 4096;
  request.decoding.mode = mode;
  request.decoding.window = window;
  request.static_steps = true;
  decoding::KeptCache cache;
  const double begin = seconds_now();
  const decoding::Decoded decoded =
      decoding::decode(model, cache, token_ids(), request, decoding::Monitor());
  return {{"mode", mode},
          {"window", window},
          {"seconds", seconds_now() - begin},
          {"prefill_seconds", decoded.stats.prefill_seconds},
          {"passes", decoded.stats.passes}};
}

json pictures(std::int64_t layers) {
  const checkpoint::ModelConfig config = shape_7b(layers);
  model::Storage storage = at::kBFloat16;
  storage.device = kDevice;
  storage.format = &quant::find_format("int4");
  const model::Transformer model(config, repeated_weights(config), storage);
  return {picture(model, "sequential", 0), picture(model, "gum", 16)};
}

int run(const std::vector<std::string>& arguments) {
  std::int64_t layers = 32;
  for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
    if (arguments[i] == "--layers") layers = std::stoll(arguments[i + 1]);
  }
  const device::cuda::Found found = device::cuda::look(0);
  if (found.name.empty()) {
    std::cerr << found.why << "\n";
    return 4;
  }
  const c10::InferenceMode guard;
  json report{{"device", found.name}, {"memory_bytes", found.memory_bytes}};
  report["ceilings"] = ceilings();
  report["models"] = json::array();
  report["models"].push_back(model_bench(layers, "bf16", false));
  report["models"].push_back(model_bench(layers, "int4", false));
  report["models"].push_back(model_bench(layers, "int4", true));
  report["pictures"] = pictures(layers);
  std::cout << report.dump(1) << "\n";
  return 0;
}

}  // namespace
}  // namespace lumina

int main(int count, char** arguments) {
  try {
    return lumina::run({arguments + 1, arguments + count});
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
