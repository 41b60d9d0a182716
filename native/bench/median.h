// What benches make of several measurements.
#pragma once

#include <algorithm>
#include <vector>

namespace lumina {

// The larger of the two in the middle of an even number; `values` has at least one.
inline double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace lumina
