#include "api/train_transformer.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "api/inspect.h"
#include "checkpoint/companions.h"
#include "checkpoint/config_text.h"
#include "checkpoint/weight_set.h"
#include "model/layout.h"
#include "model/storage.h"
#include "training/lora.h"

namespace lumina::api {
namespace {

namespace fs = std::filesystem;

constexpr double kFreshDeviation = 0.02;

std::vector<training::RecordSource> record_sources(JobOptions& job) {
  std::vector<training::RecordSource> sources;
  for (const auto& source : job.get<nlohmann::json>("records")) {
    if (!source.is_object() || !source.contains("path") || !source["path"].is_string() ||
        !source.value("ratio", nlohmann::json(1.0)).is_number() ||
        !source.value("type", nlohmann::json("")).is_string()) {
      job.fail(
          "every entry of records needs a path, a ratio that is a number, and a type that is "
          "a text");
    }
    sources.push_back({source["path"].get<std::string>(), source.value("ratio", 1.0),
                       source.value("type", std::string())});
  }
  return sources;
}

training::LoraOptions lora_options(JobOptions& job) {
  training::LoraOptions lora;
  if (!job.has("lora")) return lora;
  JobOptions given(job.get<nlohmann::json>("lora").dump(), "LoRA");
  lora.rank = given.integer("rank", 16, 1, 65536);
  lora.alpha = given.real("alpha", 2.0 * static_cast<double>(lora.rank), 0.0);
  lora.targets =
      given.get("targets", std::vector<std::string>{"q_proj", "k_proj", "v_proj", "o_proj"});
  given.finish();
  return lora;
}

std::vector<std::string> companions(const std::string& folder,
                                    const std::function<bool(const std::string&)>& wanted) {
  std::vector<std::string> files = checkpoint::companion_files(folder);
  files.erase(std::remove_if(files.begin(), files.end(),
                             [&](const std::string& file) {
                               return !wanted(fs::path(file).filename().string());
                             }),
              files.end());
  return files;
}

// Files that Hugging Face tokenizers are made of.
bool is_tokenizer_file(const std::string& name) {
  return name.rfind("tokenizer", 0) == 0 || name == "special_tokens_map.json" ||
         name == "added_tokens.json" || name == "vocab.json" || name == "merges.txt";
}

}  // namespace

std::unique_ptr<training::TransformerTask> transformer_task(JobOptions& job, std::uint64_t seed,
                                                            at::ScalarType compute,
                                                            at::Device device,
                                                            std::int64_t accumulation) {
  training::TransformerTaskOptions options;
  options.sources = record_sources(job);
  options.batch_size = job.integer("batch_size", options.batch_size, 1, 65535);
  options.accumulation = accumulation;
  options.max_sequence = job.integer("max_seq_len", 0, 0);
  options.validation_records = job.integer("validation_records", 0, 0);
  options.prompt_dropout = job.real("prompt_dropout", options.prompt_dropout, 0.0, 1.0);
  options.z_loss = job.real("z_loss", 0.0, 0.0);
  options.network.dropout = job.real("dropout", 0.05, 0.0, 0.99);
  options.network.checkpointing = job.get("checkpointing", false);
  options.network.compute = compute;
  options.device = device;
  options.network.lora = lora_options(job);
  options.seed = seed;
  JobOptions ids(job.get<nlohmann::json>("token_ids").dump(), "token id");
  options.image_start = ids.get<std::int32_t>("image_start");
  options.image_end = ids.get<std::int32_t>("image_end");
  ids.finish();

  training::ModelSurroundings surroundings;
  checkpoint::ModelConfig config;
  training::ParameterSet parameters;
  std::optional<checkpoint::WeightSet> base;
  const bool adapts = options.network.lora.rank > 0;
  bool stored_as_bf16 = true;
  if (job.has("model")) {
    surroundings.base = job.get<std::string>("model");
    config = checkpoint::ModelConfig::read(surroundings.base);
    surroundings.config = checkpoint::config_text(surroundings.base);
    base = checkpoint::WeightSet::open(surroundings.base, model::transformer_anchors());
    model::require_plain(*base, "training");
    model::require_transformer(*base, config);
    stored_as_bf16 = stored_dtype(model::used_tensors(*base, config)) == "BF16";
    const bool another = job.has("image_tokenizer");
    surroundings.files = companions(surroundings.base, [&](const std::string& name) {
      return name != "config.json" && !(another && name.rfind("movqgan", 0) == 0);
    });
    if (!adapts) {
      parameters = training::ParameterSet::load(*base, model::transformer_tensors(config));
      base.reset();
    }
  } else {
    if (adapts) job.fail("LoRA needs a model to adapt");
    surroundings.config = job.get<nlohmann::json>("config").dump(2) + "\n";
    config = checkpoint::ModelConfig::parse(surroundings.config, "config");
    surroundings.files = companions(job.get<std::string>("tokenizer"), is_tokenizer_file);
    parameters = training::ParameterSet::initial(model::transformer_tensors(config),
                                                 {seed, kFreshDeviation});
  }
  if (job.has("image_tokenizer")) {
    surroundings.files.push_back(job.get<std::string>("image_tokenizer"));
  }
  if (adapts) parameters = training::initial_adapters(config, options.network.lora, seed);
  const std::string weights = job.get<std::string>("weights", stored_as_bf16 ? "bf16" : "fp32");
  if (weights != "bf16" && weights != "fp32") job.fail("weights must be bf16 or fp32");
  surroundings.bf16 = weights == "bf16";
  surroundings.config =
      checkpoint::with_stored_type(surroundings.config, surroundings.bf16 ? "bfloat16" : "float32");
  return std::make_unique<training::TransformerTask>(config, std::move(parameters),
                                                     base ? &*base : nullptr, std::move(options),
                                                     std::move(surroundings));
}

}  // namespace lumina::api
