// Training as C++ users and Java see it: plain values, standard library only.
#pragma once

#include <cstdint>
#include <string>

#include "lumina/types.h"

namespace lumina {

// One update.
struct TrainingProgress {
  std::int64_t step = 0;   // updates done, of this run and those it resumes
  std::int64_t steps = 0;  // in all
  double loss = 0.0;
  double learning_rate = 0.0;
  double gradient_norm = 0.0;  // before clipping
  double seconds = 0.0;        // since this call began
  std::string metrics;         // JSON object: the parts of the loss and, now and then, validation
};

// Hears about training on the thread that called it.
class TrainingObserver {
 public:
  virtual ~TrainingObserver() = default;
  // Called after every update; false stops, as the flag does.
  virtual bool on_step(const TrainingProgress& progress) = 0;
};

struct TrainingSummary {
  std::int64_t first_step = 0;  // where this call went on from
  std::int64_t steps = 0;       // updates done in all
  bool finished = false;        // false: stopped by the time limit
  std::string model;            // folder of the final model, or of the newest checkpoint
  double loss = 0.0;            // of the last update
};

}  // namespace lumina
