#include "api/recipe_job.h"

#include <map>
#include <nlohmann/json.hpp>

#include "lumina/status.h"
#include "model/layout.h"
#include "recipe/recipe_checkpoint.h"
#include "recipe/recipe_tokenizer.h"
#include "vision/layout.h"

namespace lumina::api {
namespace {

struct Preset {
  std::int64_t hidden;
  std::int64_t intermediate;
  std::int64_t layers;
  std::int64_t heads;
  bool released_vocabulary;  // else the smallest one that holds the image tokenizer's codes
  const char* image_tokenizer;
};

const std::map<std::string, Preset> kPresets = {
    {"tiny", {64, 96, 2, 4, false, "tiny"}},
    {"small", {64, 96, 2, 4, true, "small"}},
    {"2b", {2048, 8192, 32, 32, true, "270m"}},
    {"7b", {4096, 11008, 32, 32, true, "270m"}},
};

vision::MovqganConfig narrow_with_all_codes() {
  vision::MovqganConfig config = vision::movqgan_tiny();
  config.codebook_size = vision::movqgan_270m().codebook_size;
  return config;
}

const std::map<std::string, vision::MovqganConfig> kImageTokenizers = {
    {"tiny", vision::movqgan_tiny()},
    {"small", narrow_with_all_codes()},
    {"270m", vision::movqgan_270m()},
};

template <typename Value>
const Value& look_up(const std::map<std::string, Value>& table, const std::string& name,
                     const std::string& what) {
  const auto found = table.find(name);
  if (found != table.end()) return found->second;
  std::string known;
  for (const auto& entry : table) known += (known.empty() ? "" : ", ") + entry.first;
  throw Error(ErrorCode::kInvalidArgument, "unknown " + what + " '" + name + "'; known: " + known);
}

}  // namespace

void write_recipe_folder(const std::string& folder, const std::string& options) {
  std::string preset_name;
  std::string precision;
  std::string image_tokenizer;
  std::string salt;
  std::int64_t layers = 0;
  try {
    const auto source = nlohmann::json::parse(options);
    preset_name = source.at("preset").get<std::string>();
    precision = source.value("precision", "bf16");
    image_tokenizer = source.value("image_tokenizer", "");
    layers = source.value("layers", std::int64_t{0});
    salt = source.value("salt", "");
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::kInvalidArgument, std::string("recipe options: ") + error.what());
  }
  const Preset& preset = look_up(kPresets, preset_name, "recipe preset");
  if (precision != "bf16" && precision != "fp32") {
    throw Error(ErrorCode::kInvalidArgument,
                "unknown recipe precision '" + precision + "'; known: bf16, fp32");
  }
  if (layers < 0 || layers > 1024) {
    throw Error(ErrorCode::kInvalidArgument,
                "recipe layers must be 1 to 1024, or 0 for the preset's");
  }
  const vision::MovqganConfig& movqgan =
      look_up(kImageTokenizers, image_tokenizer.empty() ? preset.image_tokenizer : image_tokenizer,
              "recipe image tokenizer");

  recipe::RecipeOptions job;
  job.config.hidden_size = preset.hidden;
  job.config.intermediate_size = preset.intermediate;
  job.config.num_hidden_layers = layers > 0 ? layers : preset.layers;
  job.config.num_attention_heads = preset.heads;
  job.config.num_key_value_heads = preset.heads;
  job.config.max_position_embeddings = 10240;
  if (preset.released_vocabulary) {
    job.config.vocab_size = 171385;
    if (movqgan.codebook_size != job.config.image_codebook_size) {
      throw Error(ErrorCode::kInvalidArgument, "recipe preset " + preset_name + " draws with " +
                                                   std::to_string(job.config.image_codebook_size) +
                                                   " codes, the image tokenizer has " +
                                                   std::to_string(movqgan.codebook_size));
    }
  } else {
    recipe::set_small_vocabulary(job.config, movqgan.codebook_size);
  }
  job.transformer = model::transformer_tensors(job.config);
  job.movqgan = vision::movqgan_tensors(movqgan);
  job.bf16 = precision == "bf16";
  job.salt = salt;
  recipe::write_recipe_checkpoint(folder, job);
}

}  // namespace lumina::api
