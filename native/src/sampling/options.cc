#include "sampling/options.h"

#include <cmath>
#include <sstream>
#include <string>

#include "lumina/status.h"

namespace lumina::sampling {
namespace {

template <typename Value>
[[noreturn]] void refuse(const char* option, const Value& value, const char* rule) {
  std::ostringstream message;
  message << option << " is " << value << ", must be " << rule;
  throw Error(ErrorCode::kInvalidArgument, message.str());
}

}  // namespace

Settings resolve(const SamplingOptions& options) {
  Settings settings;
  if (!std::isfinite(options.guidance_scale) || options.guidance_scale < 0.0) {
    refuse("guidance scale", options.guidance_scale, "a number of at least 0");
  }
  if (!std::isfinite(options.temperature) || options.temperature <= 0.0) {
    refuse("temperature", options.temperature, "a number above 0");
  }
  if (options.image_top_k < 1) refuse("image top-k", options.image_top_k, "at least 1");
  if (options.text_top_k < 1) refuse("text top-k", options.text_top_k, "at least 1");

  if (options.guidance_schedule == "constant") {
    settings.guidance_schedule = GuidanceSchedule::kConstant;
  } else if (options.guidance_schedule == "reference") {
    settings.guidance_schedule = GuidanceSchedule::kReference;
  } else {
    refuse("guidance schedule", "'" + options.guidance_schedule + "'", "constant or reference");
  }
  if (options.mode == "forced") {
    settings.mode = Mode::kForced;
  } else if (options.mode == "reference") {
    settings.mode = Mode::kReference;
  } else {
    refuse("sampling mode", "'" + options.mode + "'", "forced or reference");
  }
  settings.guidance_scale = options.guidance_scale;
  settings.image_top_k = options.image_top_k;
  settings.text_top_k = options.text_top_k;
  settings.temperature = options.temperature;
  settings.seed = options.seed;
  return settings;
}

}  // namespace lumina::sampling
