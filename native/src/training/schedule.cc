#include "training/schedule.h"

#include <cmath>

namespace lumina::training {

double Schedule::at(std::int64_t step) const {
  const double t = static_cast<double>(step);
  if (t < warmup_steps) return learning_rate * t / warmup_steps;
  constexpr double kPi = 3.14159265358979323846;
  const double span = static_cast<double>(steps) - warmup_steps;
  const double progress = span > 0.0 ? (t - warmup_steps) / span : 1.0;
  return min_learning_rate +
         (learning_rate - min_learning_rate) * 0.5 * (1.0 + std::cos(kPi * progress));
}

}  // namespace lumina::training
