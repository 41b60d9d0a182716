#include "decoding/reference_rule.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lumina::decoding {
namespace {

// The reference's constants.
constexpr double kLeastLaw = 1e-7;  // q of a draft counts as no less
constexpr float kMostLaw = 0.99f;   // q in the residual counts as no more
constexpr double kResidualSlack = 1e-7;

}  // namespace

bool ReferenceRule::update(const Look& look, Draft& draft) {
  if (!draft.exists || !look.front) return AcceptRule::update(look, draft);
  sampler().law(look.place, look.logits, target_);
  const auto code = static_cast<std::size_t>(draft.code);
  const double q = std::max<double>(draft.law[code], kLeastLaw);
  const bool kept = accept_noise(look) < std::min(1.0, target_[code] / q);
  if (!kept) {
    draft.code = static_cast<std::int32_t>(redraw(target_, draft.law, draw_noise(look)));
  }
  std::swap(draft.law, target_);
  return kept;
}

std::size_t ReferenceRule::redraw(const sampling::Law& p, const sampling::Law& q, double u) {
  replacement_.resize(p.size());
  double total = 0.0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    replacement_[i] = std::max(p[i] - std::min(q[i], kMostLaw), 0.0f);
    total += replacement_[i];
  }
  // Meant as a guard against an empty residual, this holds only where p and q are disjoint.
  if (!(total + kResidualSlack > 1.0)) replacement_ = p;
  scores_.clear();
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (replacement_[i] > 0.0f) {
      scores_.push_back({static_cast<std::int32_t>(i), std::log(replacement_[i])});
    }
  }
  sampler().chain().filter(scores_);
  sampling::set_softmax(scores_, /*first_id=*/0, replacement_);
  return sampling::draw(replacement_, u);
}

}  // namespace lumina::decoding
