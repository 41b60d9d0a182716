// The k best candidates, and all further ones that tie with the last (docs/spec/model.md 7.6).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lumina::sampling {

struct Candidate {
  std::int32_t id;
  float score;
};

class TopK {
 public:
  // Fills `survivors`, in order of id, with those of scores[0 .. count-1] (ids first_id ..) that
  // are not below the k-th largest. k >= 1; scores are finite.
  void select(const float* scores, std::size_t count, std::int32_t first_id, std::int64_t k,
              std::vector<Candidate>& survivors);

 private:
  std::vector<float> scratch_;
};

}  // namespace lumina::sampling
