// Mode gum: the noise of a place is the same in every pass, so what a pass draws there is what
// sequential decoding would draw if the codes to the left are its codes. Accepted is what repeats.
#pragma once

#include <vector>

#include "decoding/draft_rule.h"

namespace lumina::decoding {

class FixedNoiseRule : public DraftRule {
 public:
  explicit FixedNoiseRule(PlaceSampler& sampler);

  bool update(const Look& look, Draft& draft) override;
  void end_pass(const Draft& draft) override;
  void extend(std::int64_t place, std::uint32_t pass, Draft& draft) override;

 private:
  std::int32_t code_of(std::int32_t token) const { return token - sampler_.codes().first; }

  PlaceSampler& sampler_;
  const std::vector<sampling::Candidate>* last_ = nullptr;  // of the last update
  std::vector<sampling::Candidate> newest_;                 // of the last place of the last pass
};

}  // namespace lumina::decoding
