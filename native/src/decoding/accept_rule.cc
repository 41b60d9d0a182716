#include "decoding/accept_rule.h"

#include <utility>

namespace lumina::decoding {

using sampling::NoiseStream;

AcceptRule::AcceptRule(PlaceSampler& sampler, bool coupled, double lambda)
    : target_(static_cast<std::size_t>(sampler.codes().count)),
      sampler_(sampler),
      coupled_(coupled),
      lambda_(lambda),
      relaxed_(target_.size()),
      newest_(target_.size()) {
  sampling::set_uniform(newest_);
}

bool AcceptRule::update(const Look& look, Draft& draft) {
  sampler_.law(look.place, look.logits, target_);
  draft.shift = 0.0;
  if (!draft.exists || (!coupled_ && !look.front)) {
    draft.code = static_cast<std::int32_t>(sampling::draw(target_, draw_noise(look)));
    std::swap(draft.law, target_);
    return false;
  }
  const auto code = static_cast<std::size_t>(draft.code);
  const bool kept = sampling::keeps(target_, draft.law, code, accept_noise(look), lambda_);
  if (!kept) {
    draft.code =
        static_cast<std::int32_t>(sampling::draw_residual(target_, draft.law, draw_noise(look)));
  }
  if (lambda_ == 1.0) {
    std::swap(draft.law, target_);
  } else {
    draft.shift = sampling::relaxed_law(target_, draft.law, lambda_, relaxed_);
    std::swap(draft.law, relaxed_);
  }
  return kept;
}

void AcceptRule::end_pass(const Draft& draft) { newest_ = draft.law; }

void AcceptRule::extend(std::int64_t place, std::uint32_t pass, Draft& draft) {
  draft.law = newest_;
  draft.code = static_cast<std::int32_t>(
      sampling::draw(newest_, sampling::uniform(sampler_.seed(), NoiseStream::kFresh,
                                                PlaceSampler::position(place), pass)));
}

double AcceptRule::accept_noise(const Look& look) const {
  return sampling::uniform(sampler_.seed(), NoiseStream::kAccept,
                           PlaceSampler::position(look.place), look.pass);
}

double AcceptRule::draw_noise(const Look& look) const {
  return sampling::uniform(sampler_.seed(), NoiseStream::kDraw, PlaceSampler::position(look.place),
                           look.pass);
}

}  // namespace lumina::decoding
