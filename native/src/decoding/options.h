// Checks DecodingOptions and turns its names into values.
#pragma once

#include <cstdint>

#include "lumina/types.h"

namespace lumina::decoding {

enum class Mode { kSequential, kCoupled, kFixedNoise, kIndependent, kReference, kRelaxed };
enum class Initialization { kRandom, kLeft, kAbove, kNeighbour };

// DecodingOptions with its names resolved.
struct Speculation {
  static constexpr int kLeastWindow = 4;
  static constexpr int kMostWindow = 64;
  static constexpr int kMostTogether = 64;

  Mode mode = Mode::kSequential;
  int window = 0;  // tokens that a pass feeds; 0 if sequential
  Initialization initialization = Initialization::kNeighbour;
  double lambda = 1.0;  // a code may become this many times as likely
  int together = 1;     // pictures that are drawn side by side at most

  bool on() const { return mode != Mode::kSequential; }
};

// Throws Error(kInvalidArgument) naming the option, its value and what it may be.
Speculation resolve(const DecodingOptions& options);

}  // namespace lumina::decoding
