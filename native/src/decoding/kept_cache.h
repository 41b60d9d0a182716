// The key/value cache that one request leaves to the next, and the prompt that it still knows.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "model/kv_cache.h"
#include "model/transformer.h"

namespace lumina::decoding {

// Several pictures of one prompt are made one after the other; all but the first take its keys and
// values from here. They come back bit for bit, and only to a request with the same rows, so that a
// picture does not depend on what was drawn before it.
class KeptCache {
 public:
  // A cache of at least that size: the one that is there, or a new one in its place.
  model::KvCache& make(const model::Transformer& model, int rows, std::int64_t capacity);
  void reset();
  const model::KvCache* get() const { return cache_.get(); }  // null if there is none
  model::KvCache& cache() { return *cache_; }                 // after make()

  // The first pass of a request is over: the cache holds exactly `rows`, tokens each, and `last`
  // are the hidden states [H] of their last tokens.
  void remember(const std::vector<std::vector<std::int32_t>>& rows,
                const std::vector<at::Tensor>& last);
  // Puts the cache where it was after the first pass of a request with the same rows, and returns
  // those hidden states; or clears it, and returns none.
  std::vector<at::Tensor> resume(const std::vector<std::vector<std::int32_t>>& rows);

 private:
  bool remembers(const std::vector<std::vector<std::int32_t>>& rows) const;

  std::unique_ptr<model::KvCache> cache_;
  std::vector<std::vector<std::int32_t>> rows_;  // empty: nothing is remembered
  std::vector<at::Tensor> last_;                 // per row: [H]
  // Keys and values of each row's last token: a window begins with it and writes them anew, with
  // other roundings.
  std::vector<model::KvCache::Position> ends_;
};

}  // namespace lumina::decoding
