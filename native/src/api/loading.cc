#include "api/loading.h"

#include "api/inspect.h"
#include "device/devices.h"
#include "device/memory.h"
#include "model/adapters.h"
#include "model/layout.h"
#include "model/storage.h"
#include "quant/formats.h"

namespace lumina::api {
namespace {

Precision image_precision(const std::string& name) {
  if (name == "fp32") return Precision::kFp32;
  if (name == "bf16") return Precision::kBf16;
  throw Error(ErrorCode::kInvalidArgument,
              "unknown image tokenizer precision '" + name + "'; known: fp32, bf16");
}

// `auto` keeps bf16 weights as they are; anything else is computed in fp32, which loses nothing.
Precision model_precision(const std::string& name, const checkpoint::WeightSet& weights,
                          const checkpoint::ModelConfig& config) {
  if (name == "fp32") return Precision::kFp32;
  if (name == "bf16") return Precision::kBf16;
  if (name == "auto") {
    const bool quantized = model::stored_format(weights) != nullptr;
    const std::string stored =
        quantized ? checkpoint::dtype_name(weights.get(model::kEmbeddingWeight).dtype)
                  : stored_dtype(model::used_tensors(weights, config));
    return stored == "BF16" ? Precision::kBf16 : Precision::kFp32;
  }
  throw Error(ErrorCode::kInvalidArgument,
              "unknown precision '" + name + "'; known: auto, fp32, bf16");
}

at::ScalarType scalar_type(Precision precision) {
  return precision == Precision::kFp32 ? at::kFloat : at::kBFloat16;
}

bool rounds_activations(const std::string& name) {
  if (name == "int8") return true;
  if (name == "exact") return false;
  throw Error(ErrorCode::kInvalidArgument,
              "unknown kind of activations '" + name + "'; known: int8, exact");
}

bool rounds_cache(const std::string& name) {
  if (name == "auto") return false;
  if (name == "int8") return true;
  throw Error(ErrorCode::kInvalidArgument,
              "unknown kind of key/value cache '" + name + "'; known: auto, int8");
}

void require_token(std::int64_t id, const char* name, const checkpoint::ModelConfig& config) {
  if (id < 0 || id >= config.vocab_size) {
    throw Error(ErrorCode::kCheckpoint, std::string(name) + " has id " + std::to_string(id) +
                                            ", beyond the model's vocabulary of " +
                                            std::to_string(config.vocab_size));
  }
}

void require_tokens(const TokenIds& ids, const checkpoint::ModelConfig& config) {
  require_token(ids.image_start, "image start", config);
  require_token(ids.image_end, "image end", config);
  require_token(ids.new_line, "new line", config);
  for (const auto id : ids.grid) {
    if (id != -1) require_token(id, "grid", config);
  }
  require_token(config.image_token_offset, "first image code", config);
  require_token(config.image_token_offset + config.image_codebook_size - 1, "last image code",
                config);
}

}  // namespace

Loaded load(const EngineOptions& options) {
  device::set_threads(options.threads);
  if (options.model_dir.empty() && options.image_tokenizer.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "a model folder or an image tokenizer file is needed");
  }

  Loaded loaded;
  loaded.device = device::find_device(options.device);
  loaded.image_precision = image_precision(options.image_tokenizer_dtype);
  loaded.description = {{"path", options.model_dir},
                        {"transformer", nullptr},
                        {"image_tokenizer", nullptr},
                        {"memory", nlohmann::json::array()}};
  std::int64_t needed = 0;

  std::optional<checkpoint::WeightSet> movqgan_weights;
  vision::MovqganConfig movqgan;
  if (!options.image_tokenizer.empty()) {
    movqgan_weights =
        checkpoint::WeightSet::open(options.image_tokenizer, vision::movqgan_anchors());
    movqgan = vision::infer_config(*movqgan_weights);
    vision::require_movqgan(*movqgan_weights, movqgan);
    needed += movqgan_bytes(movqgan, loaded.image_precision);
    loaded.description["image_tokenizer"] = describe_image_tokenizer(movqgan, *movqgan_weights);
  }

  std::optional<checkpoint::WeightSet> model_weights;
  checkpoint::ModelConfig config;
  model::Storage storage(at::kFloat);
  storage.device = loaded.device;
  storage.round_activations = rounds_activations(options.activations);
  storage.round_cache = rounds_cache(options.kv_cache);
  if (!options.quantize.empty()) storage.format = &quant::find_format(options.quantize);
  if (!options.model_dir.empty()) {
    config = checkpoint::ModelConfig::read(options.model_dir);
    model_weights = checkpoint::WeightSet::open(options.model_dir, model::transformer_anchors());
    model::require_transformer(*model_weights, config);
    const auto adapters = model::parse_adapters(options.adapters);
    if (!adapters.empty()) model_weights = model::with_adapters(*model_weights, adapters);
    require_tokens(options.token_ids, config);
    if (movqgan_weights && movqgan.codebook_size != config.image_codebook_size) {
      throw Error(ErrorCode::kCheckpoint,
                  options.image_tokenizer + ": has " + std::to_string(movqgan.codebook_size) +
                      " codes, the model draws with " + std::to_string(config.image_codebook_size));
    }
    const Precision precision = model_precision(options.dtype, *model_weights, config);
    storage.dtype = scalar_type(precision);
    if (storage.format == nullptr) storage.format = model::stored_format(*model_weights);
    loaded.format = storage.format;
    needed += transformer_bytes(config, precision, storage.format);
    loaded.description["path"] = options.model_dir;
    loaded.description["transformer"] = describe_transformer(config, *model_weights);
    if (storage.format != nullptr) {
      loaded.description["transformer"]["quantization"] = storage.format->name();
      loaded.description["transformer"]["activations"] = options.activations;
    }
    loaded.description["memory"] = describe_memory(config, movqgan_weights ? &movqgan : nullptr);
  }

  if (options.check_memory) {
    device::require_memory(needed, loaded.device, "loading the weights");
  }
  if (model_weights) {
    loaded.transformer = std::make_unique<model::Transformer>(config, *model_weights, storage);
  }
  if (movqgan_weights) {
    vision::MovqganOptions movqgan_options;
    movqgan_options.decoder_dtype = scalar_type(loaded.image_precision);
    movqgan_options.device = loaded.device;
    loaded.movqgan = std::make_unique<vision::Movqgan>(*movqgan_weights, movqgan_options);
  }
  return loaded;
}

}  // namespace lumina::api
