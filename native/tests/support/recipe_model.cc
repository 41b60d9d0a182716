#include "support/recipe_model.h"

#include <ATen/ATen.h>

#include <fstream>
#include <map>
#include <memory>
#include <utility>

#include "model/layout.h"
#include "recipe/recipe.h"
#include "support/places.h"

namespace lumina::testing {

const nlohmann::json& language_model_golden() {
  static const nlohmann::json golden =
      nlohmann::json::parse(std::ifstream(test_data("language_model.json")));
  return golden;
}

checkpoint::ModelConfig tiny_config() {
  checkpoint::ModelConfig config;
  config.vocab_size = 2048;
  config.hidden_size = 64;
  config.intermediate_size = 96;
  config.num_hidden_layers = 2;
  config.num_attention_heads = 4;
  config.num_key_value_heads = 4;
  config.max_position_embeddings = 10240;
  config.image_token_offset = 512;
  config.image_codebook_size = 512;
  return config;
}

TokenIds tiny_token_ids() {
  TokenIds ids;
  ids.image_start = 1;
  ids.image_end = 2;
  ids.new_line = 3;
  for (std::size_t n = 0; n < ids.grid.size(); ++n) ids.grid[n] = 16 + static_cast<int>(n);
  return ids;
}

model::Transformer recipe_transformer(const checkpoint::ModelConfig& config, at::ScalarType dtype) {
  return model::Transformer(
      config,
      recipe::make_weights(recipe::Family::kTransformer, model::transformer_tensors(config),
                           dtype == at::kBFloat16),
      dtype);
}

model::Transformer changed_transformer(
    const checkpoint::ModelConfig& config,
    const std::function<void(const std::string& name, std::vector<float>& values)>& change,
    const model::Storage& storage) {
  std::map<std::string, checkpoint::TensorView> tensors =
      recipe::make_weights(recipe::Family::kTransformer, model::transformer_tensors(config))
          .tensors();
  for (auto& [name, view] : tensors) {
    const float* first = static_cast<const float*>(view.data);
    const auto values = std::make_shared<std::vector<float>>(first, first + view.numel());
    change(name, *values);
    view.data = values->data();
    view.owner = values;
  }
  return model::Transformer(config, checkpoint::WeightSet::in_memory(std::move(tensors), "recipe"),
                            storage);
}

at::Tensor ids_tensor(const std::vector<std::vector<std::int64_t>>& rows) {
  std::vector<at::Tensor> tensors;
  for (const auto& row : rows) tensors.push_back(at::tensor(row, at::kLong));
  return at::stack(tensors);
}

std::vector<std::int64_t> some_ids(std::int64_t count, std::int64_t vocab_size, int salt) {
  const std::uint64_t hash = recipe::name_hash("ids" + std::to_string(salt));
  std::vector<std::int64_t> ids(count);
  for (std::int64_t i = 0; i < count; ++i) {
    ids[i] = static_cast<std::int64_t>(recipe::stream(hash, i) % vocab_size);
  }
  return ids;
}

}  // namespace lumina::testing
