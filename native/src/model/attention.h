// Causal self-attention over the cache (spec/model.md 3.3 to 3.5).
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "checkpoint/model_config.h"
#include "checkpoint/weight_set.h"
#include "model/kv_cache.h"
#include "model/linear.h"
#include "model/norm.h"
#include "model/rotary.h"

namespace lumina::model {

// T new tokens for each of B cache rows; made once per pass and shared by all layers.
struct Window {
  std::vector<int> rows;             // [B] cache rows
  std::vector<std::int64_t> starts;  // [B] positions already in each row
  std::int64_t length = 0;           // T
  Rotation rotation;
  // [B] of fp32 [T, starts[b] + T]: 0 where token t may look, -inf behind it; undefined if T is 1
  // or the row was empty (plain causal order).
  std::vector<at::Tensor> masks;
};

Window make_window(std::vector<int> rows, std::vector<std::int64_t> starts, std::int64_t length,
                   Rotation rotation);

// softmax(q kᵀ / sqrt(d)) v in causal order, sums in fp32, for B rows of their own length: q
// [B, heads, T, d] are the last T of a row's L positions, its keys and values [kv heads, L, d], and
// token t sees keys 0 .. L - T + t. Key/value head j serves query heads j*g .. (j+1)*g - 1, g =
// heads / kv heads. `masks` are the window's. -> [B, heads, T, d].
at::Tensor attend(const at::Tensor& q, const std::vector<CachedHeads>& keys,
                  const std::vector<CachedHeads>& values, const std::vector<at::Tensor>& masks);

class Attention {
 public:
  // `name`: "model.layers.N.self_attn."
  Attention(const checkpoint::ModelConfig& config, const checkpoint::WeightSet& weights,
            const std::string& name, const Storage& storage);

  // x [B, T, H] -> [B, T, H]; stores the window's keys and values in `layer` of the cache.
  at::Tensor operator()(const at::Tensor& x, const Window& window, KvCache& cache,
                        std::int64_t layer) const;

 private:
  std::int64_t heads_;
  std::int64_t kv_heads_;
  std::int64_t head_dim_;
  Linear query_;
  Linear key_;
  Linear value_;
  Linear output_;
  HeadNorm query_norm_;
  HeadNorm key_norm_;
};

}  // namespace lumina::model
