// Pearson's test of counts against expected ones.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace lumina::testing {

// How many standard deviations the chi-square of `counts` lies above its mean under the hypothesis
// that they were drawn by `probabilities`: a standard normal variable to good accuracy (Wilson and
// Hilferty). Cells that expect fewer than five are pooled. A count where none can be is infinite.
inline double chi_square_deviation(const std::vector<std::int64_t>& counts,
                                   const std::vector<double>& probabilities) {
  double total = 0.0;
  for (const std::int64_t count : counts) total += static_cast<double>(count);
  double chi_square = 0.0;
  double cells = 0.0;
  double rare = 0.0;
  double rare_expected = 0.0;
  const auto add = [&](double count, double expected) {
    chi_square += (count - expected) * (count - expected) / expected;
    cells += 1.0;
  };
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double expected = total * probabilities[i];
    if (expected == 0.0) {
      if (counts[i] != 0) return INFINITY;
    } else if (expected < 5.0) {
      rare += static_cast<double>(counts[i]);
      rare_expected += expected;
    } else {
      add(static_cast<double>(counts[i]), expected);
    }
  }
  if (rare_expected >= 5.0) add(rare, rare_expected);
  const double freedom = cells - 1.0;
  const double spread = 2.0 / (9.0 * freedom);
  return (std::cbrt(chi_square / freedom) - (1.0 - spread)) / std::sqrt(spread);
}

}  // namespace lumina::testing
