#include "api/train_job.h"

#include <c10/core/ScalarType.h>

#include <cmath>
#include <memory>

#include "api/job_options.h"
#include "api/train_movqgan.h"
#include "api/train_transformer.h"
#include "device/devices.h"
#include "device/tensors.h"
#include "training/loop.h"

namespace lumina::api {
namespace {

// `updates_per_epoch`: 0 where epochs mean nothing.
training::LoopOptions loop_options(JobOptions& job, std::int64_t accumulation,
                                   std::int64_t updates_per_epoch) {
  const auto per_epoch = static_cast<double>(updates_per_epoch);
  training::LoopOptions loop;
  if (job.has("steps") || updates_per_epoch == 0) {
    loop.schedule.steps = job.get<std::int64_t>("steps");
  } else {
    loop.schedule.steps = std::llround(job.real("epochs", 1.0, 0.0, 1e6) * per_epoch);
  }
  if (loop.schedule.steps < 1) job.fail("steps must be at least 1");
  loop.schedule.learning_rate = job.real("learning_rate", 2e-5, 0.0);
  loop.schedule.min_learning_rate = job.real("min_learning_rate", 0.0, 0.0);
  loop.schedule.warmup_steps = job.has("warmup_steps") || updates_per_epoch == 0
                                   ? job.real("warmup_steps", 0.0, 0.0)
                                   : job.real("warmup_epochs", 0.03, 0.0) * per_epoch;
  loop.optimiser.beta1 = job.real("beta1", 0.9, 0.0, 0.999999);
  loop.optimiser.beta2 = job.real("beta2", 0.95, 0.0, 0.999999);
  loop.optimiser.weight_decay = job.real("weight_decay", 0.0, 0.0);
  loop.accumulation = accumulation;
  loop.clip = job.real("clip", 4.0, 0.0);
  loop.save_every = job.integer("save_every", 500, 1);
  loop.keep = static_cast<int>(job.integer("keep", 2, 1, 1000000));
  loop.validate_every = job.integer("validate_every", 0, 0);
  loop.max_seconds = job.real("max_seconds", 0.0, 0.0);
  return loop;
}

at::ScalarType compute_type(JobOptions& job) {
  const std::string name = job.get<std::string>("precision", "fp32");
  if (name == "fp32") return at::kFloat;
  if (name == "bf16") return at::kBFloat16;
  job.fail("precision must be fp32 or bf16, not " + name);
}

bool uses_muon(JobOptions& job) {
  const std::string name = job.get<std::string>("optimizer", "adamw");
  if (name != "adamw" && name != "muon") job.fail("optimizer must be adamw or muon, not " + name);
  return name == "muon";
}

}  // namespace

TrainingSummary run_training(const std::string& options, TrainingObserver* observer,
                             const CancellationFlag* flag) {
  JobOptions job(options, "training");
  device::set_threads(static_cast<int>(job.integer("threads", 0, 0, 4096)));
  const std::string kind = job.get<std::string>("kind");
  const std::string output = job.get<std::string>("output");
  const auto seed = static_cast<std::uint64_t>(job.integer("seed", 0, 0));
  const std::int64_t accumulation = job.integer("accumulation", 1, 1, 65535);
  const at::ScalarType compute = compute_type(job);
  const at::Device device = device::find_device(job.get<std::string>("device", "cpu"));
  std::unique_ptr<training::Task> task;
  std::int64_t updates_per_epoch = 0;
  if (kind == "movqgan") {
    task = movqgan_task(job, seed, compute, device);
  } else if (kind == "transformer") {
    auto transformer = transformer_task(job, seed, compute, device, accumulation);
    updates_per_epoch = transformer->updates_per_epoch();
    task = std::move(transformer);
  } else {
    job.fail("there is no kind " + kind);
  }
  training::LoopOptions loop = loop_options(job, accumulation, updates_per_epoch);
  loop.optimiser.muon = uses_muon(job);
  if (loop.optimiser.muon && job.has("lora")) job.fail("adapters are trained by adamw only");
  job.finish();
  nlohmann::json described = job.json();
  described.erase("output");
  training::RunFolder folder(output, described);
  return training::train(*task, loop, folder, observer, flag);
}

}  // namespace lumina::api
