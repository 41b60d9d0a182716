#include "decoding/draft_rule.h"

#include "decoding/accept_rule.h"
#include "decoding/fixed_noise_rule.h"
#include "decoding/reference_rule.h"
#include "lumina/status.h"

namespace lumina::decoding {

std::unique_ptr<DraftRule> make_rule(const Speculation& speculation, PlaceSampler& sampler) {
  switch (speculation.mode) {
    case Mode::kCoupled:
    case Mode::kRelaxed:
      return std::make_unique<AcceptRule>(sampler, /*coupled=*/true, speculation.lambda);
    case Mode::kIndependent: return std::make_unique<AcceptRule>(sampler, /*coupled=*/false);
    case Mode::kReference: return std::make_unique<ReferenceRule>(sampler);
    case Mode::kFixedNoise: return std::make_unique<FixedNoiseRule>(sampler);
    case Mode::kSequential: break;
  }
  throw Error(ErrorCode::kInternal, "sequential decoding has no drafts");
}

}  // namespace lumina::decoding
