// Classifier-free guidance (docs/spec/model.md 7.4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sampling/options.h"
#include "sampling/picture_layout.h"

namespace lumina::sampling {

// The scale of every step of one picture. A value of the position, not of how often it was asked
// for, so that windows and restarts cannot shift it.
class GuidanceScale {
 public:
  // `first`: tokens after image start at the first guided step (2, or 2 and the given rows).
  GuidanceScale(GuidanceSchedule schedule, double scale, const PictureLayout& layout,
                std::int64_t first);

  // For the step that has `tokens` tokens after image start, `tokens` >= first.
  double at(std::int64_t tokens) const;

 private:
  double scale_;
  std::int64_t first_;
  // Reference schedule: scales of the steps from `first_` on until the floor is reached, where it
  // stays. Empty: constant.
  std::vector<double> decay_;
};

// out[i] = scale * (conditional[i] - unconditional[i]) + unconditional[i]; `out` may be an input.
void combine(const float* conditional, const float* unconditional, std::size_t count, double scale,
             float* out);

}  // namespace lumina::sampling
