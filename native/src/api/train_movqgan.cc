#include "api/train_movqgan.h"

#include <vector>

#include "checkpoint/weight_set.h"
#include "training/movqgan_task.h"

namespace lumina::api {
namespace {

vision::MovqganConfig movqgan_config(JobOptions& job) {
  vision::MovqganConfig config;
  config.channels = job.integer("channels", config.channels, 32, 4096);
  config.multipliers = job.get("multipliers", config.multipliers);
  config.attention = job.get("attention", config.attention);
  config.num_res_blocks = job.integer("num_res_blocks", config.num_res_blocks, 1, 64);
  config.codebook_size = job.integer("codebook_size", config.codebook_size, 2, 1 << 20);
  config.embed_dim = job.integer("embed_dim", config.embed_dim, 1, 256);
  config.z_channels = job.integer("z_channels", config.z_channels, 1, 256);
  if (config.channels % 32 != 0) job.fail("channels must be a multiple of 32");
  if (config.multipliers.size() != 4 || config.attention.size() != 4) {
    job.fail("multipliers and attention need four entries, one per level");
  }
  for (const std::int64_t factor : config.multipliers) {
    if (factor < 1 || factor > 64) job.fail("multipliers must be 1 to 64");
  }
  return config;
}

}  // namespace

std::unique_ptr<training::Task> movqgan_task(JobOptions& job, std::uint64_t seed,
                                             at::ScalarType compute, at::Device device) {
  training::MovqganTaskOptions options;
  for (const auto& source : job.get<nlohmann::json>("sources")) {
    if (!source.is_object() || !source.contains("path") || !source["path"].is_string() ||
        !source.value("weight", nlohmann::json(1.0)).is_number()) {
      job.fail("every source needs a path, and a weight that is a number");
    }
    options.sources.push_back({source["path"].get<std::string>(), source.value("weight", 1.0)});
  }
  options.batch_size = job.integer("batch_size", options.batch_size, 1, 65535);
  options.validation_records = job.integer("validation_records", 0, 0);
  options.crop = job.integer("crop", 0, 0, 1 << 20);
  options.l2_weight = job.real("l2_weight", options.l2_weight, 0.0);
  options.codebook_weight = job.real("codebook_weight", options.codebook_weight, 0.0);
  options.commitment = job.real("commitment", options.commitment, 0.0);
  options.restart_every = job.integer("restart_every", options.restart_every, 0);
  options.restart_until = job.real("restart_until", options.restart_until, 0.0, 1.0);
  options.merge_distance = job.real("merge_distance", options.merge_distance, 0.0);
  options.compute = compute;
  options.device = device;
  const std::string weights = job.get<std::string>("weights", "fp32");
  if (weights != "bf16" && weights != "fp32") job.fail("weights must be bf16 or fp32");
  options.bf16 = weights == "bf16";
  options.seed = seed;

  vision::MovqganConfig config;
  training::ParameterSet parameters;
  const bool continues = job.has("from");
  if (continues) {
    const auto weights =
        checkpoint::WeightSet::open(job.get<std::string>("from"), vision::movqgan_anchors());
    config = vision::infer_config(weights);
    vision::require_movqgan(weights, config);
    parameters = training::ParameterSet::load(weights, vision::movqgan_tensors(config));
  } else {
    config = movqgan_config(job);
    parameters = training::ParameterSet::initial(vision::movqgan_tensors(config), {seed, 0.0});
  }
  options.free_steps = job.integer("free_steps", continues ? 0 : options.free_steps, 0);
  return std::make_unique<training::MovqganTask>(config, std::move(parameters), std::move(options));
}

}  // namespace lumina::api
