#include "sampling/top_n_sigma.h"

#include <algorithm>
#include <cmath>

namespace lumina::sampling {

void keep_top_sigma(std::vector<Candidate>& candidates, double n) {
  if (candidates.empty()) return;
  double best = candidates.front().score;
  double squares = 0.0;
  for (const Candidate& candidate : candidates) {
    const double score = candidate.score;
    best = std::max(best, score);
    squares += score * score;
  }
  const double least = best - n * std::sqrt(squares / static_cast<double>(candidates.size()));
  candidates.erase(std::remove_if(candidates.begin(), candidates.end(),
                                  [&](const Candidate& c) { return c.score < least; }),
                   candidates.end());
}

}  // namespace lumina::sampling
