#include "model/layout.h"

#include <cstdint>
#include <utility>

#include "model/storage.h"

namespace lumina::model {
namespace {

using checkpoint::ModelConfig;
using checkpoint::TensorSpec;

bool starts_with(const std::string& text, const std::string& head) {
  return text.compare(0, head.size(), head) == 0;
}

bool ends_with(const std::string& text, const std::string& tail) {
  return text.size() >= tail.size() &&
         text.compare(text.size() - tail.size(), tail.size(), tail) == 0;
}

TensorSpec head_spec(const ModelConfig& config) {
  return {std::string(kHead) + ".weight", {config.vocab_size, config.hidden_size}};
}

void add_linear(std::vector<TensorSpec>& specs, const std::string& name, std::int64_t out,
                std::int64_t in, bool bias) {
  specs.push_back({name + ".weight", {out, in}});
  if (bias) specs.push_back({name + ".bias", {out}});
}

void add_layer(std::vector<TensorSpec>& specs, const ModelConfig& config, std::int64_t layer) {
  const std::string prefix = layer_prefix(layer);
  const std::int64_t hidden = config.hidden_size;
  const std::int64_t inner = config.intermediate_size;
  const std::int64_t d = config.head_dim();
  const std::int64_t query = config.num_attention_heads * d;
  const std::int64_t key = config.num_key_value_heads * d;

  const std::string attention = prefix + "self_attn.";
  add_linear(specs, attention + "q_proj", query, hidden, config.attention_bias);
  add_linear(specs, attention + "k_proj", key, hidden, config.attention_bias);
  add_linear(specs, attention + "v_proj", key, hidden, config.attention_bias);
  add_linear(specs, attention + "o_proj", hidden, query, config.attention_bias);
  for (const char* norm : {"q_norm", "k_norm"}) {
    specs.push_back({attention + norm + ".weight", {config.model_parallel_size, d}});
    specs.push_back({attention + norm + ".bias", {config.model_parallel_size, d}});
  }

  const std::string mlp = prefix + "mlp.";
  add_linear(specs, mlp + "gate_proj", inner, hidden, config.mlp_bias);
  add_linear(specs, mlp + "up_proj", inner, hidden, config.mlp_bias);
  add_linear(specs, mlp + "down_proj", hidden, inner, config.mlp_bias);

  specs.push_back({prefix + "input_layernorm.weight", {hidden}});
  specs.push_back({prefix + "post_attention_layernorm.weight", {hidden}});
}

}  // namespace

std::string layer_prefix(std::int64_t layer) {
  return "model.layers." + std::to_string(layer) + ".";
}

std::vector<TensorSpec> transformer_tensors(const ModelConfig& config) {
  std::vector<TensorSpec> specs;
  specs.push_back({kEmbeddingWeight, {config.vocab_size, config.hidden_size}});
  for (std::int64_t layer = 0; layer < config.num_hidden_layers; ++layer) {
    add_layer(specs, config, layer);
  }
  specs.push_back({std::string(kFinalNorm) + ".weight", {config.hidden_size}});
  if (!config.tie_word_embeddings) specs.push_back(head_spec(config));
  return specs;
}

const std::vector<std::string>& transformer_anchors() {
  static const std::vector<std::string> kAnchors = {kEmbeddingWeight};
  return kAnchors;
}

bool is_layer_matrix(const std::string& name) {
  return starts_with(name, "model.layers.") && ends_with(name, "_proj.weight");
}

std::string part_name(const std::string& tensor, const std::string& part) {
  return tensor + "." + part;
}

std::vector<TensorSpec> quantized_tensors(const std::vector<TensorSpec>& specs,
                                          const quant::Format& format) {
  std::vector<TensorSpec> result;
  for (const TensorSpec& spec : specs) {
    if (!is_layer_matrix(spec.name)) {
      result.push_back(spec);
      continue;
    }
    for (TensorSpec part : format.parts(spec.shape[0], spec.shape[1])) {
      part.name = part_name(spec.name, part.name);
      result.push_back(std::move(part));
    }
  }
  return result;
}

bool is_ignored_tensor(const std::string& name) {
  return starts_with(name, "model.vqmodel.") || ends_with(name, ".rotary_emb.inv_freq");
}

checkpoint::WeightSet used_tensors(const checkpoint::WeightSet& weights,
                                   const ModelConfig& config) {
  std::vector<TensorSpec> specs = transformer_tensors(config);
  const quant::Format* format = stored_format(weights);
  return weights.only(format == nullptr ? specs : quantized_tensors(specs, *format));
}

void require_transformer(const checkpoint::WeightSet& weights, const ModelConfig& config) {
  std::vector<TensorSpec> specs = transformer_tensors(config);
  const TensorSpec head = head_spec(config);
  if (config.tie_word_embeddings && weights.find(head.name) != nullptr) specs.push_back(head);
  const quant::Format* format = stored_format(weights);
  if (format != nullptr) specs = quantized_tensors(specs, *format);
  weights.require(specs, is_ignored_tensor);
}

}  // namespace lumina::model
