// The learning rate (docs/spec/model.md 9.7): linear warm-up, then half a cosine down to a floor.
#pragma once

#include <cstdint>

namespace lumina::training {

struct Schedule {
  double learning_rate = 2e-5;
  double min_learning_rate = 0.0;
  double warmup_steps = 0.0;  // may be fractional: a share of an epoch
  std::int64_t steps = 1;

  // At update `step`, 0 .. steps - 1.
  double at(std::int64_t step) const;
};

}  // namespace lumina::training
