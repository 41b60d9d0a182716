// Causal self-attention over the cache (docs/spec/model.md 3.3 to 3.5).
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

// Where a pass keeps the keys and values of its tokens, and what its queries see.
class PassMemory {
 public:
  virtual ~PassMemory() = default;
  // Stores what is new in a layer, k and v [B, kv heads, T, d], and attends with q [B, heads, T, d]
  // to it and to what was there: -> [B, heads, T, d].
  virtual at::Tensor attend(std::int64_t layer, const at::Tensor& q, const at::Tensor& k,
                            const at::Tensor& v) = 0;
};

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

// Masks lie on `device`, that of the rows' keys.
Window make_window(std::vector<int> rows, std::vector<std::int64_t> starts, std::int64_t length,
                   Rotation rotation, at::Device device = at::kCPU);

// softmax(q kᵀ / sqrt(d)) v in causal order, sums in fp32, for B rows of their own length: q
// [B, heads, T, d] are the last T of a row's L positions, its keys and values [kv heads, L, d], and
// token t sees keys 0 .. L - T + t. Key/value head j serves query heads j*g .. (j+1)*g - 1, g =
// heads / kv heads. `masks` are the window's. -> [B, heads, T, d].
at::Tensor attend(const at::Tensor& q, const std::vector<CachedHeads>& keys,
                  const std::vector<CachedHeads>& values, const std::vector<at::Tensor>& masks);

// Rows of a cache, each as long as the window says.
class WindowMemory final : public PassMemory {
 public:
  // Both must outlive this.
  WindowMemory(const Window& window, KvCache& cache) : window_(window), cache_(cache) {}

  at::Tensor attend(std::int64_t layer, const at::Tensor& q, const at::Tensor& k,
                    const at::Tensor& v) override;

 private:
  const Window& window_;
  KvCache& cache_;
};

class Attention {
 public:
  // `name`: "model.layers.N.self_attn."
  Attention(const checkpoint::ModelConfig& config, const checkpoint::WeightSet& weights,
            const std::string& name, const Storage& storage);

  // x [B, T, H] -> [B, T, H]; its keys and values go to `layer` of the memory.
  at::Tensor operator()(const at::Tensor& x, const Rotation& rotation, PassMemory& memory,
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
