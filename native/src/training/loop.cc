#include "training/loop.h"

#include <ATen/ATen.h>

#include <chrono>
#include <string>

#include "checkpoint/stop.h"
#include "lumina/status.h"
#include "training/tensor_file.h"

namespace lumina::training {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

void save_state(const std::string& folder, Task& task, Optimiser& optimiser) {
  NamedTensors tensors;
  const ParameterSet& parameters = task.parameters();
  for (std::size_t i = 0; i < parameters.names().size(); ++i) {
    const std::string& name = parameters.names()[i];
    tensors.emplace_back("parameter." + name, parameters.tensors()[i]);
    tensors.emplace_back("first." + name, optimiser.first_moments()[i]);
    const at::Tensor& second = optimiser.second_moments()[i];
    if (second.defined()) tensors.emplace_back("second." + name, second);
  }
  for (const auto& [name, tensor] : task.state()) tensors.emplace_back("task." + name, tensor);
  write_tensors(
      folder + RunFolder::kStateFile, tensors,
      {{"format", "lumina4j-training-state"}, {"updates", std::to_string(optimiser.updates())}});
}

void restore_state(const std::string& folder, Task& task, Optimiser& optimiser) {
  const std::string path = folder + RunFolder::kStateFile;
  const TensorFile file = read_tensors(path);
  const auto get = [&](const std::string& name, const at::Tensor& like) -> const at::Tensor& {
    const auto found = file.tensors.find(name);
    if (found == file.tensors.end() || found->second.sizes() != like.sizes()) {
      throw Error(ErrorCode::kCheckpoint, path + ": " + name + " is missing or of another shape");
    }
    return found->second;
  };
  const ParameterSet& parameters = task.parameters();
  for (std::size_t i = 0; i < parameters.names().size(); ++i) {
    const std::string& name = parameters.names()[i];
    at::Tensor value = parameters.tensors()[i].detach();
    value.copy_(get("parameter." + name, value));
    optimiser.first_moments()[i].copy_(get("first." + name, value));
    at::Tensor& second = optimiser.second_moments()[i];
    if (second.defined()) second.copy_(get("second." + name, value));
  }
  std::map<std::string, at::Tensor> state;
  for (const auto& [name, tensor] : task.state()) state[name] = get("task." + name, tensor);
  task.restore(state);
  const auto updates = file.metadata.find("updates");
  if (updates == file.metadata.end()) {
    throw Error(ErrorCode::kCheckpoint, path + ": does not say how many updates it has behind it");
  }
  optimiser.set_updates(std::stoll(updates->second));
}

Metrics accumulate(Task& task, std::int64_t step, std::int64_t micros) {
  Metrics mean;
  for (std::int64_t micro = 0; micro < micros; ++micro) {
    for (const auto& [name, value] :
         task.accumulate(step, micro, 1.0 / static_cast<double>(micros))) {
      mean[name] += value / static_cast<double>(micros);
    }
  }
  return mean;
}

void require_finite(double value, const char* what, std::int64_t step) {
  if (!std::isfinite(value)) {
    throw Error(ErrorCode::kNumerical, std::string("the ") + what + " is not finite at update " +
                                           std::to_string(step) +
                                           "; a lower learning rate may help");
  }
}

}  // namespace

TrainingSummary train(Task& task, const LoopOptions& options, RunFolder& folder,
                      TrainingObserver* observer, const CancellationFlag* flag) {
  const Clock::time_point begin = Clock::now();
  const std::int64_t steps = options.schedule.steps;
  if (const auto model = folder.final_model()) {
    TrainingSummary finished;
    finished.first_step = finished.steps = steps;
    finished.finished = true;
    finished.model = *model;
    return finished;
  }
  ParameterSet& parameters = task.parameters();
  Optimiser optimiser(parameters, options.optimiser);

  TrainingSummary summary;
  const auto resumed = folder.newest();
  if (resumed) {
    restore_state(resumed->path, task, optimiser);
    summary.first_step = resumed->step;
    summary.model = resumed->path;
  } else {
    task.prepare();
  }
  folder.rewind_log(summary.first_step);

  const auto save = [&](std::int64_t done) {
    const checkpoint::Unstoppable whole;
    folder.save_checkpoint(done, options.keep, [&](const std::string& path) {
      task.write_model(path);
      save_state(path, task, optimiser);
    });
    summary.model = folder.newest()->path;
  };

  std::int64_t done = summary.first_step;
  bool stopped = false;
  while (done < steps && !stopped) {
    const double rate = options.schedule.at(done);
    parameters.clear_gradients();
    Metrics metrics = accumulate(task, done, options.accumulation);
    require_finite(metrics.at("loss"), "loss", done);
    const double norm = clip_gradients(parameters, options.clip);
    require_finite(norm, "gradient", done);
    optimiser.step(parameters, rate);
    task.after_update(done, steps, {optimiser.first_moments(), optimiser.second_moments()});
    ++done;

    const bool saves = done % options.save_every == 0 && done < steps;
    const bool validates = done == steps || saves ||
                           (options.validate_every > 0 && done % options.validate_every == 0);
    nlohmann::json parts = metrics;
    if (validates) {
      for (const auto& [name, value] : task.validate()) parts["validation_" + name] = value;
    }
    nlohmann::json line = parts;
    line["step"] = done - 1;
    line["learning_rate"] = rate;
    line["gradient_norm"] = norm;
    line["seconds"] = seconds_since(begin);
    folder.log(line);
    if (saves) save(done);

    summary.loss = metrics.at("loss");
    TrainingProgress progress;
    progress.step = done;
    progress.steps = steps;
    progress.loss = summary.loss;
    progress.learning_rate = rate;
    progress.gradient_norm = norm;
    progress.seconds = seconds_since(begin);
    progress.metrics = parts.dump();
    const bool unwanted = (observer != nullptr && !observer->on_step(progress)) ||
                          (flag != nullptr && flag->is_cancelled());
    const bool late = options.max_seconds > 0.0 && progress.seconds >= options.max_seconds;
    if ((unwanted || late) && done < steps) {
      if (!saves) save(done);
      if (unwanted) {
        throw Error(ErrorCode::kCancelled, "training was stopped after update " +
                                               std::to_string(done) + "; it resumes from there");
      }
      stopped = true;
    }
  }
  summary.steps = done;
  summary.finished = done >= steps;
  if (summary.finished) {
    const checkpoint::Unstoppable whole;
    summary.model = folder.save_final([&](const std::string& path) { task.write_model(path); });
  }
  return summary;
}

}  // namespace lumina::training
