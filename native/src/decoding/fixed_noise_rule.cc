#include "decoding/fixed_noise_rule.h"

namespace lumina::decoding {

FixedNoiseRule::FixedNoiseRule(PlaceSampler& sampler) : sampler_(sampler) {
  const sampling::CodeRange& codes = sampler.codes();
  newest_.reserve(static_cast<std::size_t>(codes.count));
  for (std::int32_t i = 0; i < codes.count; ++i) newest_.push_back({codes.first + i, 0.0f});
}

bool FixedNoiseRule::update(const Look& look, Draft& draft) {
  last_ = &sampler_.candidates(look.place, look.logits);
  const std::int32_t code = code_of(sampler_.choose_among(*last_, look.place));
  const bool same = draft.exists && draft.code == code;
  draft.code = code;
  return same;
}

void FixedNoiseRule::end_pass(const Draft&) { newest_.assign(last_->begin(), last_->end()); }

void FixedNoiseRule::extend(std::int64_t place, std::uint32_t, Draft& draft) {
  draft.code = code_of(sampler_.choose_among(newest_, place));
}

}  // namespace lumina::decoding
