// The loop that every kind of training shares: updates, schedule, log, checkpoints, resuming.
#pragma once

#include <cstdint>

#include "lumina/training.h"
#include "training/optimiser.h"
#include "training/run_folder.h"
#include "training/schedule.h"
#include "training/task.h"

namespace lumina::training {

struct LoopOptions {
  Schedule schedule;
  OptimiserOptions optimiser;
  std::int64_t accumulation = 1;    // micro-batches per update
  double clip = 4.0;                // of the gradient norm; 0: none
  std::int64_t save_every = 500;    // updates
  int keep = 2;                     // newest checkpoints that stay
  std::int64_t validate_every = 0;  // updates; 0: at checkpoints and at the end only
  double max_seconds = 0.0;  // of this call; then a checkpoint is written and it ends. 0: no limit
};

// Trains until the schedule's end and writes the final model, or stops earlier (flag, observer,
// time) with a checkpoint behind the last whole update. Resumes from the newest checkpoint of
// `folder`; does nothing if it has its final model. Throws Error(kCancelled) when stopped by flag
// or observer, kNumerical when the loss is not finite (nothing is written then).
TrainingSummary train(Task& task, const LoopOptions& options, RunFolder& folder,
                      TrainingObserver* observer, const CancellationFlag* flag);

}  // namespace lumina::training
