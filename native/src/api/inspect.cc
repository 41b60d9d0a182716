#include "api/inspect.h"

#include <sys/stat.h>

#include <set>

#include "api/memory_plan.h"
#include "model/kv_cache.h"
#include "model/layout.h"
#include "model/storage.h"
#include "quant/formats.h"
#include "vision/working_memory.h"

namespace lumina::api {
namespace {

using nlohmann::json;

// Sides of square pictures whose memory is listed, and a usual prompt, in tokens.
constexpr std::int64_t kSides[] = {256, 512, 768, 1024};
constexpr std::int64_t kPromptTokens = 128;

std::int64_t stored_bytes(const checkpoint::WeightSet& weights) {
  std::int64_t bytes = 0;
  for (const auto& [name, view] : weights.tensors()) {
    bytes += view.numel() * static_cast<std::int64_t>(checkpoint::element_size(view.dtype));
  }
  return bytes;
}

// The name of the format that the file is quantised in, or null.
json quantization(const checkpoint::WeightSet& weights) {
  const quant::Format* format = model::stored_format(weights);
  return format == nullptr ? json(nullptr) : json(format->name());
}

std::size_t file_count(const checkpoint::WeightSet& weights) {
  std::set<std::string> files;
  for (const auto& [name, view] : weights.tensors()) files.insert(view.file);
  return files.size();
}

std::string published_name(const vision::MovqganConfig& config) {
  if (config == vision::movqgan_270m()) return "270M";
  if (config == vision::movqgan_102m()) return "102M";
  if (config == vision::movqgan_67m()) return "67M";
  return "custom";
}

// Keys of config.json that nothing is computed from.
json describe_notes(const std::vector<checkpoint::KeyNote>& notes) {
  json list = json::array();
  for (const auto& note : notes) list.push_back({{"key", note.key}, {"remark", note.remark}});
  return list;
}

json unused_tensors(const checkpoint::WeightSet& all, const checkpoint::WeightSet& used) {
  json names = json::array();
  for (const auto& [name, view] : all.tensors()) {
    if (used.find(name) == nullptr) names.push_back(name);
  }
  return names;
}

bool is_folder(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

}  // namespace

std::string stored_dtype(const checkpoint::WeightSet& weights) {
  std::set<checkpoint::DType> found;
  for (const auto& [name, view] : weights.tensors()) found.insert(view.dtype);
  if (found.empty()) return "none";
  return found.size() == 1 ? checkpoint::dtype_name(*found.begin()) : "mixed";
}

json describe_transformer(const checkpoint::ModelConfig& config, const checkpoint::WeightSet& all) {
  const checkpoint::WeightSet weights = model::used_tensors(all, config);
  return {{"layers", config.num_hidden_layers},
          {"hidden_size", config.hidden_size},
          {"intermediate_size", config.intermediate_size},
          {"heads", config.num_attention_heads},
          {"kv_heads", config.num_key_value_heads},
          {"vocab_size", config.vocab_size},
          {"max_positions", config.max_position_embeddings},
          {"parameters", transformer_parameters(config)},
          {"stored_dtype", stored_dtype(weights)},
          {"quantization", quantization(weights)},
          {"weight_bytes", stored_bytes(weights)},
          {"files", file_count(weights)},
          {"image_token_offset", config.image_token_offset},
          {"image_codebook_size", config.image_codebook_size}};
}

json describe_image_tokenizer(const vision::MovqganConfig& config,
                              const checkpoint::WeightSet& all) {
  const checkpoint::WeightSet weights = all.only(vision::movqgan_tensors(config));
  return {{"file", weights.source()},
          {"name", published_name(config)},
          {"channels", config.channels},
          {"codebook_size", config.codebook_size},
          {"parameters", movqgan_parameters(config)},
          {"stored_dtype", stored_dtype(weights)},
          {"weight_bytes", stored_bytes(weights)}};
}

json describe_memory(const checkpoint::ModelConfig& config, const vision::MovqganConfig* movqgan) {
  struct Way {
    const char* name;
    Precision precision;
    const quant::Format* format;
  };
  const Way ways[] = {{"bf16", Precision::kBf16, nullptr},
                      {"fp32", Precision::kFp32, nullptr},
                      {"int8", Precision::kBf16, &quant::find_format("int8")},
                      {"int4", Precision::kBf16, &quant::find_format("int4")}};
  json rows = json::array();
  for (const Way& way : ways) {
    for (const std::int64_t side : kSides) {
      const std::int64_t latent = side / 8;
      const std::int64_t positions = kPromptTokens + 3 + latent * (latent + 1);
      const auto dtype = way.precision == Precision::kFp32 ? at::kFloat : at::kBFloat16;
      const std::int64_t cache = model::KvCache::bytes(config, 2, positions, dtype);
      const std::int64_t decode =
          movqgan ? vision::decode_working_bytes(*movqgan, latent, latent) : 0;
      const std::int64_t weights = transformer_bytes(config, way.precision, way.format) +
                                   (movqgan ? movqgan_bytes(*movqgan, Precision::kFp32) : 0);
      rows.push_back({{"size", std::to_string(side) + "x" + std::to_string(side)},
                      {"precision", way.name},
                      {"weights", weights},
                      {"cache", cache},
                      {"image_decode", decode},
                      {"total", weights + drawing_bytes(cache, decode)}});
    }
  }
  return rows;
}

std::string inspect_path(const std::string& path, const std::string& image_tokenizer) {
  json answer{{"path", path},
              {"transformer", nullptr},
              {"image_tokenizer", nullptr},
              {"memory", json::array()}};
  const bool folder = is_folder(path);
  const std::string file = folder ? image_tokenizer : path;
  vision::MovqganConfig movqgan;
  if (!file.empty()) {
    const auto weights = checkpoint::WeightSet::open(file, vision::movqgan_anchors());
    movqgan = vision::infer_config(weights);
    vision::require_movqgan(weights, movqgan);
    answer["image_tokenizer"] = describe_image_tokenizer(movqgan, weights);
  }
  if (folder) {
    std::vector<checkpoint::KeyNote> notes;
    const auto config = checkpoint::ModelConfig::read(path, &notes);
    const auto weights = checkpoint::WeightSet::open(path, model::transformer_anchors());
    model::require_transformer(weights, config);
    answer["transformer"] = describe_transformer(config, weights);
    answer["transformer"]["config_notes"] = describe_notes(notes);
    answer["transformer"]["unused_tensors"] =
        unused_tensors(weights, model::used_tensors(weights, config));
    answer["memory"] = describe_memory(config, file.empty() ? nullptr : &movqgan);
  }
  return answer.dump();
}

}  // namespace lumina::api
