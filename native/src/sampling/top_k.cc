#include "sampling/top_k.h"

#include <algorithm>
#include <functional>

namespace lumina::sampling {

void TopK::select(const float* scores, std::size_t count, std::int32_t first_id, std::int64_t k,
                  std::vector<Candidate>& survivors) {
  survivors.clear();
  if (count == 0) return;
  float threshold;
  if (k == 1) {
    threshold = *std::max_element(scores, scores + count);
  } else if (static_cast<std::size_t>(k) >= count) {
    threshold = *std::min_element(scores, scores + count);
  } else {
    scratch_.assign(scores, scores + count);
    const auto kth = scratch_.begin() + (k - 1);
    std::nth_element(scratch_.begin(), kth, scratch_.end(), std::greater<float>());
    threshold = *kth;
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (scores[i] >= threshold) {
      survivors.push_back({first_id + static_cast<std::int32_t>(i), scores[i]});
    }
  }
}

}  // namespace lumina::sampling
