// Keys and values of passes whose shape never changes: where tokens stand is told by a tensor, so
// that a pass can be captured once and replayed, on a CUDA device as a graph.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "model/attention.h"
#include "model/kv_cache.h"

namespace lumina::model {

// softmax(q kᵀ / sqrt(d)) v, where the query at position p sees keys 0 .. p: q [R, heads, W, d],
// whole buffers keys and values [R, kv heads, capacity, d], positions [R, W] int64 -> [R, heads, W,
// d] of q's type. What lies behind the last position of a row is not used, whatever it is.
at::Tensor attend_at(const at::Tensor& q, const CachedHeads& keys, const CachedHeads& values,
                     const at::Tensor& positions);
// The same by ATen, over the whole buffers.
at::Tensor attend_at_plain(const at::Tensor& q, const CachedHeads& keys, const CachedHeads& values,
                           const at::Tensor& positions);

// The first rows of a cache. Lengths that the cache keeps are neither read nor changed.
class StaticMemory final : public PassMemory {
 public:
  // positions [R, W] int64 on the cache's device: of the tokens of the next pass, each row's
  // ascending; read when a pass runs. `cache` must outlive this.
  StaticMemory(KvCache& cache, at::Tensor positions);

  at::Tensor attend(std::int64_t layer, const at::Tensor& q, const at::Tensor& k,
                    const at::Tensor& v) override;

 private:
  KvCache& cache_;
  at::Tensor positions_;
};

}  // namespace lumina::model
