#include "support/training_data.h"

#include "model/layout.h"
#include "recipe/recipe.h"
#include "support/recipe_model.h"
#include "support/safetensors_bytes.h"
#include "training/lora.h"

namespace lumina::testing {
namespace {

std::string tensor_entry(const std::string& name, const std::string& dtype,
                         const std::string& shape, std::size_t begin, std::size_t end) {
  return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape +
         ",\"data_offsets\":[" + std::to_string(begin) + "," + std::to_string(end) + "]}";
}

}  // namespace

std::vector<Example> tiny_examples(int count) {
  const TokenIds ids = tiny_token_ids();
  std::vector<Example> examples;
  for (int n = 0; n < count; ++n) {
    const std::uint64_t hash = recipe::name_hash("example" + std::to_string(n));
    Example example;
    const auto add = [&](std::int32_t token, bool learned) {
      example.tokens.push_back(token);
      example.labels.push_back(learned ? token : training::kNoLabel);
    };
    add(0, false);
    const int text = 3 + static_cast<int>(recipe::stream(hash, 0) % 6);
    for (int i = 0; i < text; ++i) {
      add(200 + static_cast<std::int32_t>(recipe::stream(hash, i + 1) % 100), false);
    }
    add(4, false);
    add(ids.image_start, true);
    add(ids.grid[1], true);
    add(ids.grid[1], true);
    for (int i = 0; i < 16; ++i) {
      add(512 + static_cast<std::int32_t>(recipe::stream(hash, 100 + i) % 512), true);
      if (i % 4 == 3) add(ids.new_line, true);
    }
    add(ids.image_end, true);
    add(4, true);
    examples.push_back(std::move(example));
  }
  return examples;
}

std::string write_token_records(const TemporaryFolder& folder, const std::string& name,
                                const std::vector<Example>& examples) {
  std::vector<std::int32_t> tokens, labels;
  std::vector<std::int64_t> offsets = {0};
  for (const Example& example : examples) {
    tokens.insert(tokens.end(), example.tokens.begin(), example.tokens.end());
    labels.insert(labels.end(), example.labels.begin(), example.labels.end());
    offsets.push_back(static_cast<std::int64_t>(tokens.size()));
  }
  const std::string total = "[" + std::to_string(tokens.size()) + "]";
  const std::size_t first = 8 * offsets.size(), second = first + 4 * tokens.size();
  const std::string header =
      "{" + tensor_entry("offsets", "I64", "[" + std::to_string(offsets.size()) + "]", 0, first) +
      "," + tensor_entry("tokens", "I32", total, first, second) + "," +
      tensor_entry("labels", "I32", total, second, second + 4 * labels.size()) + "}";
  return folder.write(
      name, safetensors_bytes(header, raw_bytes(offsets) + raw_bytes(tokens) + raw_bytes(labels)));
}

std::string write_pixel_records(const TemporaryFolder& folder, const std::string& name,
                                std::int64_t count, std::int64_t height, std::int64_t width,
                                int panels) {
  std::string pixels;
  const std::uint64_t hash = recipe::name_hash(name);
  for (std::int64_t i = 0; i < count * height * width * 3; ++i) {
    pixels += static_cast<char>(recipe::stream(hash, i / 24) >> 56);
  }
  const std::string shape = "[" + std::to_string(count) + "," + std::to_string(height) + "," +
                            std::to_string(width) + ",3]";
  return folder.write(
      name, safetensors_bytes("{\"__metadata__\":{\"panels\":\"" + std::to_string(panels) + "\"}," +
                                  tensor_entry("pixels", "U8", shape, 0, pixels.size()) + "}",
                              pixels));
}

training::TransformerTaskOptions tiny_task_options(const std::string& records) {
  training::TransformerTaskOptions options;
  options.sources = {{records, 1.0, ""}};
  options.batch_size = 4;
  options.accumulation = 1;
  options.prompt_dropout = 0.0;
  options.image_start = tiny_token_ids().image_start;
  options.image_end = tiny_token_ids().image_end;
  return options;
}

std::unique_ptr<training::TransformerTask> tiny_transformer_task(
    const checkpoint::ModelConfig& config, const training::TransformerTaskOptions& options) {
  const auto specs = model::transformer_tensors(config);
  const auto weights = recipe::make_weights(recipe::Family::kTransformer, specs);
  const bool adapts = options.network.lora.rank > 0;
  auto parameters = adapts ? training::initial_adapters(config, options.network.lora, 1)
                           : training::ParameterSet::load(weights, specs);
  return std::make_unique<training::TransformerTask>(
      config, std::move(parameters), adapts ? &weights : nullptr, options,
      training::ModelSurroundings{"", "", {}, false});
}

}  // namespace lumina::testing
