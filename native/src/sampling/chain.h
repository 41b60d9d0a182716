// From logits to a token: guidance, structure, top-k, temperature, draw, in this order
// (docs/spec/model.md 7.2); every way of decoding draws from the law that this chain defines. Knows
// logits and positions, never the model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sampling/law.h"
#include "sampling/noise.h"
#include "sampling/options.h"
#include "sampling/top_k.h"

namespace lumina::sampling {

// Logits of ids first_id .. first_id + count - 1 for one prediction. Structure is this range: what
// may not come next is not in it.
struct Logits {
  const float* conditional = nullptr;    // [count]
  const float* unconditional = nullptr;  // [count]; null: no guidance
  std::size_t count = 0;
  std::int32_t first_id = 0;
};

class Chain {
 public:
  explicit Chain(const Settings& settings) : settings_(settings) {}

  // What survives guidance by `scale` and top-k, in order of id, divided by the temperature. The
  // draw's law is the softmax of these scores. `step` is named in the Error(kNumerical) that a NaN
  // or an infinite logit raises. Valid until the next call.
  const std::vector<Candidate>& candidates(const Logits& logits, double scale, std::int64_t top_k,
                                           std::int64_t step);

  // The law of the draw from candidates(): `law` [logits.count], by id from logits.first_id on.
  void law(const Logits& logits, double scale, std::int64_t top_k, std::int64_t step, Law& law);

  // candidates() and a draw by the noise of (seed, stream, position); top-k 1 takes the best, the
  // lowest id among equals, and draws nothing.
  std::int32_t pick(const Logits& logits, double scale, std::int64_t top_k, std::int64_t step,
                    NoiseStream stream, std::int64_t position);

  // A draw among candidates that candidates() returned, by the noise of another position.
  std::int32_t draw(const std::vector<Candidate>& candidates, std::int64_t top_k,
                    NoiseStream stream, std::int64_t position) const;

  // ln of the probability of `id` under the softmax of what guidance by `scale` leaves, before
  // top-k and at temperature 1: what the model says, whatever the draw may choose from.
  double log_likelihood(const Logits& logits, double scale, std::int32_t id, std::int64_t step);

  // What follows top-k: cuts by sigma, then divides by the temperature.
  void filter(std::vector<Candidate>& candidates) const;

  const Settings& settings() const { return settings_; }

 private:
  // Fills combined_ with finite numbers.
  void guide(const Logits& logits, double scale, std::int64_t step);

  Settings settings_;
  TopK top_k_;
  std::vector<float> combined_;
  std::vector<Candidate> survivors_;
};

}  // namespace lumina::sampling
