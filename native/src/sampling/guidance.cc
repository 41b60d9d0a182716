#include "sampling/guidance.h"

#include <algorithm>

namespace lumina::sampling {
namespace {

// The reference never guides with less, whatever was asked for.
constexpr double kReferenceFloor = 4.0;

}  // namespace

GuidanceScale::GuidanceScale(GuidanceSchedule schedule, double scale, const PictureLayout& layout,
                             std::int64_t first)
    : scale_(scale), first_(first) {
  if (schedule == GuidanceSchedule::kConstant) return;
  // The reference multiplies its scale before every guided step, forced steps included; the span is
  // a leftover of a tokenizer with 16-pixel codes and so a quarter of the number of codes.
  const double span = 4.0 * layout.grid_rows() * layout.grid_columns();
  double current = scale;
  for (std::int64_t m = first;; ++m) {
    current = std::max(kReferenceFloor, current * (1.0 - static_cast<double>(m) / span));
    decay_.push_back(current);
    if (current == kReferenceFloor) break;
  }
}

double GuidanceScale::at(std::int64_t tokens) const {
  if (decay_.empty()) return scale_;
  const auto step = static_cast<std::size_t>(std::max<std::int64_t>(tokens - first_, 0));
  return decay_[std::min(step, decay_.size() - 1)];
}

void combine(const float* conditional, const float* unconditional, std::size_t count, double scale,
             float* out) {
  const float g = static_cast<float>(scale);
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = g * (conditional[i] - unconditional[i]) + unconditional[i];
  }
}

}  // namespace lumina::sampling
