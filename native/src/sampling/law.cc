#include "sampling/law.h"

#include <algorithm>
#include <cmath>

namespace lumina::sampling {
namespace {

// A draw by `weight(i)`, i = 0 .. count - 1; `count` if all are 0.
template <typename Weight>
std::size_t draw_by(std::size_t count, double u, Weight weight) {
  double total = 0.0;
  for (std::size_t i = 0; i < count; ++i) total += weight(i);
  const double goal = u * total;
  double sum = 0.0;
  std::size_t last = count;  // with weight
  for (std::size_t i = 0; i < count; ++i) {
    const double w = weight(i);
    if (w <= 0.0) continue;
    sum += w;
    last = i;
    if (sum > goal) break;
  }
  return last;
}

double excess(float p, float q) {
  return std::max(static_cast<double>(p) - static_cast<double>(q), 0.0);
}

}  // namespace

void set_softmax(const std::vector<Candidate>& scores, std::int32_t first_id, Law& law) {
  std::fill(law.begin(), law.end(), 0.0f);
  float best = scores.front().score;
  for (const Candidate& candidate : scores) best = std::max(best, candidate.score);
  double total = 0.0;
  for (const Candidate& candidate : scores) {
    const float weight = std::exp(candidate.score - best);
    law[static_cast<std::size_t>(candidate.id - first_id)] = weight;
    total += weight;
  }
  const auto scale = static_cast<float>(1.0 / total);
  for (const Candidate& candidate : scores) {
    law[static_cast<std::size_t>(candidate.id - first_id)] *= scale;
  }
}

void set_point(std::size_t code, Law& law) {
  std::fill(law.begin(), law.end(), 0.0f);
  law[code] = 1.0f;
}

void set_uniform(Law& law) {
  std::fill(law.begin(), law.end(), 1.0f / static_cast<float>(law.size()));
}

std::size_t draw(const Law& law, double u) {
  return draw_by(law.size(), u, [&](std::size_t i) { return static_cast<double>(law[i]); });
}

std::size_t draw_residual(const Law& p, const Law& q, double u) {
  const std::size_t code = draw_by(p.size(), u, [&](std::size_t i) { return excess(p[i], q[i]); });
  return code < p.size() ? code : draw(p, u);
}

bool keeps(const Law& p, const Law& q, std::size_t code, double u, double lambda) {
  return u * static_cast<double>(q[code]) < lambda * static_cast<double>(p[code]);
}

double relaxed_law(const Law& p, const Law& q, double lambda, Law& law) {
  double kept = 0.0;
  double residual = 0.0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    kept += std::min<double>(q[i], lambda * p[i]);
    residual += excess(p[i], q[i]);
  }
  const double share = residual > 0.0 ? std::max(1.0 - kept, 0.0) / residual : 0.0;
  double distance = 0.0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double value = std::min<double>(q[i], lambda * p[i]) + share * excess(p[i], q[i]);
    distance += std::max(value - p[i], 0.0);
    law[i] = static_cast<float>(value);
  }
  return distance;
}

}  // namespace lumina::sampling
