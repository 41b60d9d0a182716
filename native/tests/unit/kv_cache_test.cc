#include "model/kv_cache.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/recipe_model.h"

namespace lumina::model {
namespace {

using lumina::testing::expect_error;
using lumina::testing::tiny_config;

at::Tensor filled(double value, std::int64_t count) { return at::full({4, count, 16}, value); }

TEST(KvCache, RowsHaveTheirOwnLengthsAndContents) {
  KvCache cache(tiny_config(), 2, 10, at::kFloat);
  EXPECT_EQ(cache.rows(), 2);
  EXPECT_EQ(cache.capacity(), 10);
  cache.store(1, 0, 0, filled(1, 3), filled(2, 3));
  cache.extend(0, 3);
  cache.store(1, 1, 0, filled(3, 5), filled(4, 5));
  cache.extend(1, 5);
  EXPECT_EQ(cache.length(0), 3);
  EXPECT_EQ(cache.length(1), 5);
  EXPECT_TRUE(at::equal(cache.keys(1, 0, 3).values, filled(1, 3)));
  EXPECT_TRUE(at::equal(cache.values(1, 0, 3).values, filled(2, 3)));
  EXPECT_TRUE(at::equal(cache.keys(1, 1, 5).values, filled(3, 5)));
  EXPECT_TRUE(at::equal(cache.values(1, 1, 5).values, filled(4, 5)));
}

// As attention hands them over: heads that lie side by side in each position.
TEST(KvCache, StoresViewsOfAnyTypeInItsOwn) {
  const at::Tensor numbers = at::sin(at::arange(4 * 3 * 16, at::kFloat)).view({3, 4, 16});
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16, at::kChar}) {
    for (const at::ScalarType given : {at::kFloat, at::kBFloat16, at::kDouble}) {
      KvCache cache(tiny_config(), 2, 10, type);
      const at::Tensor heads = numbers.to(given).transpose(0, 1);
      cache.store(1, 1, 2, heads, heads * 2);
      const CachedHeads keys = cache.keys(1, 1, 5), values = cache.values(1, 1, 5);
      const at::Tensor stored = keys.values.narrow(1, 2, 3), other = values.values.narrow(1, 2, 3);
      if (type != at::kChar) {
        EXPECT_TRUE(at::equal(stored, heads.to(type)));
        EXPECT_TRUE(at::equal(other, (heads * 2).to(type)));
        EXPECT_FALSE(keys.scale.defined());
        continue;
      }
      const CachedHeads expected = round_heads(heads.to(at::kFloat));
      EXPECT_TRUE(at::equal(stored, expected.values));
      EXPECT_TRUE(at::equal(keys.scale.narrow(1, 2, 3), expected.scale));
      EXPECT_TRUE(
          at::equal(values.scale.narrow(1, 2, 3), round_heads((heads * 2).to(at::kFloat)).scale));
    }
  }
}

TEST(KvCache, RollsBackByLength) {
  KvCache cache(tiny_config(), 1, 10, at::kFloat);
  cache.store(0, 0, 0, filled(1, 6), filled(1, 6));
  cache.extend(0, 6);
  cache.truncate(0, 4);
  EXPECT_EQ(cache.length(0), 4);
  cache.store(0, 0, 4, filled(9, 1), filled(9, 1));
  cache.extend(0, 1);
  EXPECT_TRUE(at::equal(cache.keys(0, 0, 4).values, filled(1, 4)));
  EXPECT_TRUE(at::equal(cache.keys(0, 0, 5).values.narrow(1, 4, 1), filled(9, 1)));
  expect_error(ErrorCode::kInternal, "cannot cut cache row 0 of length 5 to 6",
               [&] { cache.truncate(0, 6); });
  cache.clear();
  EXPECT_EQ(cache.length(0), 0);
}

TEST(KvCache, APositionComesBackAsItWas) {
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16, at::kChar}) {
    KvCache cache(tiny_config(), 2, 10, type);
    const at::Tensor heads = at::sin(at::arange(4 * 3 * 16, at::kFloat)).view({4, 3, 16});
    for (std::int64_t layer = 0; layer < tiny_config().num_hidden_layers; ++layer) {
      cache.store(layer, 1, 0, heads + layer, heads - layer);
    }
    cache.extend(1, 3);
    const KvCache::Position end = cache.copy(1, 2);
    const at::Tensor keys = cache.keys(1, 1, 3).values.clone();
    const CachedHeads values = cache.values(1, 1, 3);
    const at::Tensor numbers = values.values.clone();
    const at::Tensor scale = values.scale.defined() ? values.scale.clone() : at::Tensor();
    cache.truncate(1, 2);
    cache.store(1, 1, 2, filled(7, 1), filled(8, 1));
    cache.restore(1, end);
    EXPECT_EQ(cache.length(1), 3);
    EXPECT_TRUE(at::equal(cache.keys(1, 1, 3).values, keys));
    EXPECT_TRUE(at::equal(cache.values(1, 1, 3).values, numbers));
    if (scale.defined()) {
      EXPECT_TRUE(at::equal(cache.values(1, 1, 3).scale, scale));
    }
  }
}

TEST(KvCache, ACopiedRowIsTheOtherFromThenOn) {
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16, at::kChar}) {
    KvCache cache(tiny_config(), 3, 10, type);
    cache.store(1, 2, 0, filled(9, 6), filled(9, 6));
    cache.extend(2, 6);
    cache.store(1, 0, 0, filled(1, 3), filled(2, 3));
    cache.extend(0, 3);
    cache.copy_row(0, 2);
    EXPECT_EQ(cache.length(2), 3);
    for (const auto& part : {&KvCache::keys, &KvCache::values}) {
      const CachedHeads from = (cache.*part)(1, 0, 3), to = (cache.*part)(1, 2, 3);
      EXPECT_TRUE(at::equal(from.values, to.values));
      if (type == at::kChar) {
        EXPECT_TRUE(at::equal(from.scale, to.scale));
      }
    }
    cache.store(1, 2, 3, filled(7, 1), filled(8, 1));
    cache.extend(2, 1);
    EXPECT_EQ(cache.length(0), 3);
    cache.copy_row(0, 0);
    EXPECT_EQ(cache.length(0), 3);
  }
}

TEST(KvCache, GrowingKeepsWhatIsStored) {
  KvCache cache(tiny_config(), 2, 4, at::kBFloat16);
  cache.store(1, 1, 0, filled(5, 4), filled(6, 4));
  cache.extend(1, 4);
  cache.reserve(3);
  EXPECT_EQ(cache.capacity(), 4);
  cache.reserve(9);
  EXPECT_EQ(cache.capacity(), 9);
  EXPECT_EQ(cache.length(1), 4);
  EXPECT_TRUE(at::equal(cache.keys(1, 1, 4).values, filled(5, 4).to(at::kBFloat16)));
  EXPECT_TRUE(at::equal(cache.values(1, 1, 4).values, filled(6, 4).to(at::kBFloat16)));
}

TEST(KvCache, TellsItsSize) {
  checkpoint::ModelConfig config;  // 7B
  EXPECT_EQ(KvCache::bytes(config, 1, 1, at::kBFloat16), 512 << 10);
  EXPECT_EQ(KvCache::bytes(config, 2, 100, at::kFloat), 200 * (1 << 20));
}

TEST(KvCache, AnImpossibleSizeIsAnErrorAndNoCrash) {
  expect_error(ErrorCode::kOutOfMemory, "key/value cache", [] {
    KvCache cache(checkpoint::ModelConfig(), 2, std::int64_t{1} << 40, at::kBFloat16);
  });
}

}  // namespace
}  // namespace lumina::model
