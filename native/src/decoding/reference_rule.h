// Mode ref: the reference's sampler with its bias, for comparison (docs/spec/jacobi.md 1.3, 1.10).
#pragma once

#include <vector>

#include "decoding/accept_rule.h"

namespace lumina::decoding {

// Like sjd, but a refused draft is replaced by a draw from p, filtered a second time, unless p and
// q have nothing in common. The reference's sigma filter is the chain's (Settings::top_n_sigma).
class ReferenceRule : public AcceptRule {
 public:
  explicit ReferenceRule(PlaceSampler& sampler) : AcceptRule(sampler, /*coupled=*/false) {}

  bool update(const Look& look, Draft& draft) override;

 private:
  std::size_t redraw(const sampling::Law& p, const sampling::Law& q, double u);

  sampling::Law replacement_;
  std::vector<sampling::Candidate> scores_;
};

}  // namespace lumina::decoding
