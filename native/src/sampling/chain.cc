#include "sampling/chain.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lumina/status.h"
#include "sampling/guidance.h"
#include "sampling/top_n_sigma.h"

namespace lumina::sampling {
namespace {

// One test after guidance sees a NaN or an infinity of either row: no finite scale makes either of
// them finite again.
void require_finite(const std::vector<float>& logits, std::int32_t first_id, std::int64_t step) {
  for (std::size_t i = 0; i < logits.size(); ++i) {
    if (std::isfinite(logits[i])) continue;
    throw Error(ErrorCode::kNumerical, "step " + std::to_string(step) + ": the logit of token " +
                                           std::to_string(first_id + static_cast<std::int64_t>(i)) +
                                           " is " +
                                           (std::isnan(logits[i]) ? "not a number" : "infinite"));
  }
}

// Scores are taken relative to the best one first, which leaves their softmax alone and keeps every
// temperature above 0 from producing an infinity at the top.
void apply_temperature(std::vector<Candidate>& candidates, double temperature) {
  float best = candidates.front().score;
  for (const Candidate& candidate : candidates) best = std::max(best, candidate.score);
  for (Candidate& candidate : candidates) {
    candidate.score = static_cast<float>(
        (static_cast<double>(candidate.score) - static_cast<double>(best)) / temperature);
  }
}

}  // namespace

void Chain::guide(const Logits& logits, double scale, std::int64_t step) {
  if (logits.unconditional == nullptr) {
    combined_.assign(logits.conditional, logits.conditional + logits.count);
  } else {
    combined_.resize(logits.count);
    combine(logits.conditional, logits.unconditional, logits.count, scale, combined_.data());
  }
  require_finite(combined_, logits.first_id, step);
}

const std::vector<Candidate>& Chain::candidates(const Logits& logits, double scale,
                                                std::int64_t top_k, std::int64_t step) {
  guide(logits, scale, step);
  top_k_.select(combined_.data(), combined_.size(), logits.first_id, top_k, survivors_);
  filter(survivors_);
  return survivors_;
}

double Chain::log_likelihood(const Logits& logits, double scale, std::int32_t id,
                             std::int64_t step) {
  guide(logits, scale, step);
  const double best = *std::max_element(combined_.begin(), combined_.end());
  double total = 0.0;
  for (const float score : combined_) total += std::exp(score - best);
  return combined_[static_cast<std::size_t>(id - logits.first_id)] - best - std::log(total);
}

void Chain::filter(std::vector<Candidate>& candidates) const {
  if (settings_.top_n_sigma > 0.0) keep_top_sigma(candidates, settings_.top_n_sigma);
  if (settings_.temperature != 1.0) apply_temperature(candidates, settings_.temperature);
}

void Chain::law(const Logits& logits, double scale, std::int64_t top_k, std::int64_t step,
                Law& law) {
  const std::vector<Candidate>& survivors = candidates(logits, scale, top_k, step);
  law.resize(logits.count);
  if (top_k == 1) {
    set_point(static_cast<std::size_t>(survivors.front().id - logits.first_id), law);
  } else {
    set_softmax(survivors, logits.first_id, law);
  }
}

std::int32_t Chain::pick(const Logits& logits, double scale, std::int64_t top_k, std::int64_t step,
                         NoiseStream stream, std::int64_t position) {
  return draw(candidates(logits, scale, top_k, step), top_k, stream, position);
}

std::int32_t Chain::draw(const std::vector<Candidate>& survivors, std::int64_t top_k,
                         NoiseStream stream, std::int64_t position) const {
  if (top_k == 1) return survivors.front().id;  // all tie, and they come in order of id
  // argmax(score + Gumbel noise) has the law softmax(score).
  GumbelNoise noise(settings_.seed, stream, static_cast<std::uint32_t>(position));
  std::int32_t best = survivors.front().id;
  double most = -std::numeric_limits<double>::infinity();
  for (const Candidate& candidate : survivors) {
    const double value = static_cast<double>(candidate.score) + noise(candidate.id);
    if (value > most) {
      most = value;
      best = candidate.id;
    }
  }
  return best;
}

}  // namespace lumina::sampling
