#include <gtest/gtest.h>

#include <vector>

#include "sampling/top_k.h"

namespace lumina::sampling {
namespace {

std::vector<std::int32_t> kept(const std::vector<float>& scores, std::int64_t k) {
  TopK top_k;
  std::vector<Candidate> survivors;
  top_k.select(scores.data(), scores.size(), 100, k, survivors);
  std::vector<std::int32_t> ids;
  for (const Candidate& survivor : survivors) {
    EXPECT_EQ(survivor.score, scores[survivor.id - 100]);
    ids.push_back(survivor.id);
  }
  return ids;
}

using Ids = std::vector<std::int32_t>;

TEST(TopK, KeepsTheLargestInOrderOfId) {
  EXPECT_EQ(kept({3, 9, 1, 7, 5}, 1), (Ids{101}));
  EXPECT_EQ(kept({3, 9, 1, 7, 5}, 2), (Ids{101, 103}));
  EXPECT_EQ(kept({3, 9, 1, 7, 5}, 4), (Ids{100, 101, 103, 104}));
}

TEST(TopK, KeepsEveryTieAtTheThreshold) {
  EXPECT_EQ(kept({2, 5, 5, 1, 5}, 1), (Ids{101, 102, 104}));
  EXPECT_EQ(kept({2, 5, 2, 1, 2}, 2), (Ids{100, 101, 102, 104}));
}

TEST(TopK, KeepsAllWhenKReachesTheCount) {
  EXPECT_EQ(kept({3, 9, 1}, 3), (Ids{100, 101, 102}));
  EXPECT_EQ(kept({3, 9, 1}, 4096), (Ids{100, 101, 102}));
  EXPECT_EQ(kept({4}, 1), (Ids{100}));
  EXPECT_EQ(kept({}, 5), Ids{});
}

}  // namespace
}  // namespace lumina::sampling
