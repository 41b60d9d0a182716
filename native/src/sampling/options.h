// Checks SamplingOptions and turns its names into values.
#pragma once

#include "lumina/types.h"

namespace lumina::sampling {

enum class GuidanceSchedule { kConstant, kReference };
enum class Mode {
  kForced,     // image start, size, newlines and end are written, never drawn
  kReference,  // the text before the picture and its header are drawn, as the reference does
};

// SamplingOptions with its names resolved.
struct Settings {
  double guidance_scale = 4.0;
  GuidanceSchedule guidance_schedule = GuidanceSchedule::kConstant;
  std::int64_t image_top_k = 4096;
  std::int64_t text_top_k = 10;
  double temperature = 1.0;
  // Scores further than this many sigmas below the best are cut (top_n_sigma.h); 0: none are. Only
  // the reference's speculative path does so.
  double top_n_sigma = 0.0;
  Mode mode = Mode::kForced;
  std::uint64_t seed = 0;

  bool guided() const { return guidance_scale != 1.0; }
};

// Throws Error(kInvalidArgument) naming the option, its value and what it may be.
Settings resolve(const SamplingOptions& options);

}  // namespace lumina::sampling
