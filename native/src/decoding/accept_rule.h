// Modes mc, mc-lambda and sjd: accept with probability min(1, lambda p / q), else draw from the
// residual, by which the code has law p (lambda 1).
#pragma once

#include "decoding/draft_rule.h"

namespace lumina::decoding {

class AcceptRule : public DraftRule {
 public:
  // `coupled`: the test decides at every place, so that codes whose law hardly changed stay and
  // their neighbours' contexts settle; otherwise places behind the first refusal are drawn anew.
  // lambda > 1 needs `coupled`.
  AcceptRule(PlaceSampler& sampler, bool coupled, double lambda = 1.0);

  bool update(const Look& look, Draft& draft) override;
  void end_pass(const Draft& draft) override;
  void extend(std::int64_t place, std::uint32_t pass, Draft& draft) override;

 protected:
  double accept_noise(const Look& look) const;
  double draw_noise(const Look& look) const;
  PlaceSampler& sampler() { return sampler_; }

  sampling::Law target_;  // of the place under the logits of this pass

 private:
  PlaceSampler& sampler_;
  bool coupled_;
  double lambda_;
  sampling::Law relaxed_;
  sampling::Law newest_;  // of the last place that a pass has looked at
};

}  // namespace lumina::decoding
