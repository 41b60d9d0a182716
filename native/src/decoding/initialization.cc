#include "decoding/initialization.h"

#include <algorithm>

namespace lumina::decoding {

void FirstGuess::operator()(std::int64_t place, std::uint32_t pass, const std::int32_t* tokens,
                            Draft& draft) {
  draft.exists = true;
  if (initialization_ == Initialization::kNeighbour) return rule_.extend(place, pass, draft);
  const sampling::CodeRange& codes = sampler_.codes();
  if (const std::int64_t copied = source(place); copied >= 0) {
    draft.code = tokens[copied] - codes.first;
  } else {
    const double u = sampling::uniform(sampler_.seed(), sampling::NoiseStream::kFresh,
                                       PlaceSampler::position(place), pass);
    draft.code = std::min(static_cast<std::int32_t>(u * codes.count), codes.count - 1);
  }
  sampling::set_point(static_cast<std::size_t>(draft.code), draft.law);
}

std::int64_t FirstGuess::source(std::int64_t place) const {
  switch (initialization_) {
    case Initialization::kLeft: return layout_.column(place) > 0 ? place - 1 : -1;
    case Initialization::kAbove: return layout_.row(place) > 0 ? place - layout_.row_length() : -1;
    case Initialization::kRandom:
    case Initialization::kNeighbour: break;
  }
  return -1;
}

}  // namespace lumina::decoding
