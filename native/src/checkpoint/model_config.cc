#include "checkpoint/model_config.h"

#include <filesystem>

#include "checkpoint/json_text.h"
#include "checkpoint/key_reader.h"
#include "checkpoint/mapped_file.h"
#include "checkpoint/messages.h"
#include "checkpoint/model_config_keys.h"
#include "checkpoint/rope_config.h"

namespace lumina::checkpoint {
namespace {

using Json = nlohmann::json;

// Far above any model that exists; what lies beyond is damage, and products of two stay in 64 bits.
constexpr std::int64_t kMaxSize = std::int64_t{1} << 24;
constexpr std::int64_t kMaxLayers = 4096;
constexpr std::int64_t kMaxPositions = std::int64_t{1} << 31;

// Keys of other models that may be there if they say what this one does anyway.
void check_neighbours(const ModelConfig& config, const KeyReader& keys) {
  std::int64_t head_dim = config.head_dim();
  keys.read("head_dim", 1, kMaxSize, &head_dim);
  if (head_dim != config.head_dim()) {
    keys.reject("head_dim", "is " + std::to_string(head_dim) +
                                ", must be hidden_size / num_attention_heads = " +
                                std::to_string(config.head_dim()));
  }
  const Json* types = keys.find("layer_types");
  if (types == nullptr) return;
  if (!types->is_array()) keys.reject("layer_types", "is not a list");
  for (const Json& type : *types) {
    if (type != "full_attention") {
      keys.reject("layer_types",
                  "holds " + quoted(type.dump()) + ", must be \"full_attention\" for every layer");
    }
  }
}

void check_heads(const ModelConfig& config, const KeyReader& keys) {
  const auto divides = [](std::int64_t part, std::int64_t whole) { return whole % part == 0; };
  if (!divides(config.num_attention_heads, config.hidden_size)) {
    keys.reject("hidden_size", "is " + std::to_string(config.hidden_size) +
                                   ", not divisible by num_attention_heads = " +
                                   std::to_string(config.num_attention_heads));
  }
  if (config.head_dim() % 2 != 0) {
    keys.reject("hidden_size", "gives heads of odd size " + std::to_string(config.head_dim()) +
                                   ", which rotary embedding cannot split");
  }
  if (!divides(config.num_key_value_heads, config.num_attention_heads)) {
    keys.reject("num_key_value_heads", "is " + std::to_string(config.num_key_value_heads) +
                                           ", does not divide num_attention_heads = " +
                                           std::to_string(config.num_attention_heads));
  }
  if (!divides(config.model_parallel_size, config.num_key_value_heads)) {
    // It then divides the query heads as well, being a divisor of a divisor.
    keys.reject("model_parallel_size",
                "is " + std::to_string(config.model_parallel_size) + ", does not divide the " +
                    std::to_string(config.num_key_value_heads) + " key/value heads");
  }
}

void check_image_codes(const ModelConfig& config, const KeyReader& keys) {
  // A file without these keys may be of a model that only reads text; who draws with it checks.
  const bool given = keys.find("image_token_offset") || keys.find("image_codebook_size");
  if (given && config.image_token_offset + config.image_codebook_size > config.vocab_size) {
    keys.reject("image_token_offset", "is " + std::to_string(config.image_token_offset) +
                                          ": with " + std::to_string(config.image_codebook_size) +
                                          " image codes that is beyond vocab_size = " +
                                          std::to_string(config.vocab_size));
  }
}

}  // namespace

ModelConfig ModelConfig::read(const std::string& path, std::vector<KeyNote>* notes) {
  std::error_code ignored;
  const bool folder = std::filesystem::is_directory(path, ignored);
  const auto file =
      MappedFile::open(folder ? (std::filesystem::path(path) / "config.json").string() : path);
  return parse(std::string(reinterpret_cast<const char*>(file->data()), file->size()), file->path(),
               notes);
}

ModelConfig ModelConfig::parse(const std::string& json_text, const std::string& source,
                               std::vector<KeyNote>* notes) {
  const Json object = parse_python_json_object(json_text, source);
  const KeyReader keys(object, source);

  // First of all what it is: the keys of another model would be named one by one.
  const std::string model_type = keys.text("model_type", "chameleon");
  if (model_type != "chameleon") {
    keys.reject("model_type", "is " + quoted(model_type) + ", must be \"chameleon\"");
  }
  std::vector<KeyNote> passed = check_keys(object, model_config_keys(), source);

  ModelConfig config;
  keys.read("vocab_size", 1, kMaxSize, &config.vocab_size);
  keys.read("hidden_size", 1, kMaxSize, &config.hidden_size);
  keys.read("intermediate_size", 1, kMaxSize, &config.intermediate_size);
  keys.read("num_hidden_layers", 1, kMaxLayers, &config.num_hidden_layers);
  keys.read("num_attention_heads", 1, kMaxSize, &config.num_attention_heads);
  config.num_key_value_heads = config.num_attention_heads;
  keys.read("num_key_value_heads", 1, kMaxSize, &config.num_key_value_heads);
  keys.read("max_position_embeddings", 1, kMaxPositions, &config.max_position_embeddings);
  keys.read("model_parallel_size", 1, kMaxSize, &config.model_parallel_size);
  keys.read("image_token_offset", 0, kMaxSize, &config.image_token_offset);
  keys.read("image_codebook_size", 1, kMaxSize, &config.image_codebook_size);
  keys.read("rms_norm_eps", 0.0, 1.0, &config.rms_norm_eps);
  keys.read("attention_bias", &config.attention_bias);
  keys.read("mlp_bias", &config.mlp_bias);
  keys.read("swin_norm", &config.swin_norm);
  keys.read("tie_word_embeddings", &config.tie_word_embeddings);
  read_rope(object, source, &config, &passed);

  check_heads(config, keys);
  check_neighbours(config, keys);
  check_image_codes(config, keys);
  if (notes != nullptr) notes->insert(notes->end(), passed.begin(), passed.end());
  return config;
}

std::string ModelConfig::to_json() const {
  Json scaling = nullptr;
  if (rope_scaling.type != RopeScaling::Type::kNone) {
    const bool linear = rope_scaling.type == RopeScaling::Type::kLinear;
    scaling = {{"type", linear ? "linear" : "dynamic"}, {"factor", rope_scaling.factor}};
  }
  // The keys after rope_scaling's are for other readers of the format; this engine uses none.
  const Json object = {
      {"model_type", "chameleon"},
      {"vocab_size", vocab_size},
      {"hidden_size", hidden_size},
      {"intermediate_size", intermediate_size},
      {"num_hidden_layers", num_hidden_layers},
      {"num_attention_heads", num_attention_heads},
      {"num_key_value_heads", num_key_value_heads},
      {"hidden_act", "silu"},
      {"max_position_embeddings", max_position_embeddings},
      {"rms_norm_eps", rms_norm_eps},
      {"rope_theta", rope_theta},
      {"attention_bias", attention_bias},
      {"mlp_bias", mlp_bias},
      {"swin_norm", swin_norm},
      {"tie_word_embeddings", tie_word_embeddings},
      {"model_parallel_size", model_parallel_size},
      {"image_token_offset", image_token_offset},
      {"image_codebook_size", image_codebook_size},
      {"rope_scaling", scaling},
      {"attention_dropout", 0.0},
      {"dropout", 0.0},
      {"z_loss_weight", 0.0},
      {"initializer_range", 0.02},
      {"mask_image_logits", false},
      {"bos_token_id", 1},
      {"eos_token_id", 2},
      {"pad_token_id", nullptr},
      {"vq_config", Json::object()},
      {"vocabulary_map", Json::object()},
  };
  return object.dump(2) + "\n";
}

}  // namespace lumina::checkpoint
