#include "model/attention.h"

#include <ATen/ATen.h>

#include <limits>
#include <utility>

namespace lumina::model {
namespace {

at::Tensor causal_mask(std::int64_t start, std::int64_t length, at::ScalarType dtype) {
  const at::Tensor blocked =
      at::full({length, start + length}, -std::numeric_limits<double>::infinity(), dtype);
  return blocked.triu_(start + 1);  // token t sees keys 0 .. start + t; triu zeroes those
}

}  // namespace

Window make_window(std::vector<int> rows, std::vector<std::int64_t> starts, std::int64_t length,
                   Rotation rotation, at::ScalarType dtype) {
  Window window;
  for (const std::int64_t start : starts) {
    const bool plain = length == 1 || start == 0;
    window.masks.push_back(plain ? at::Tensor() : causal_mask(start, length, dtype));
  }
  window.rows = std::move(rows);
  window.starts = std::move(starts);
  window.length = length;
  window.rotation = std::move(rotation);
  return window;
}

at::Tensor attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                  const at::Tensor& mask) {
  const std::int64_t groups = k.size(0);
  const std::int64_t group = q.size(0) / groups;
  // Key/value heads take the place of the batch and their query heads that of the heads, so that
  // sharing is an expanded view and nothing is repeated in memory.
  const std::vector<std::int64_t> shared = {groups, group, k.size(1), k.size(2)};
  const at::Tensor out = at::scaled_dot_product_attention(
      q.unflatten(0, {groups, group}), k.unsqueeze(1).expand(shared), v.unsqueeze(1).expand(shared),
      mask.defined() ? std::make_optional(mask) : std::nullopt, /*dropout_p=*/0.0,
      /*is_causal=*/!mask.defined() && q.size(1) > 1);
  return out.flatten(0, 1);
}

Attention::Attention(const checkpoint::ModelConfig& config, const checkpoint::WeightSet& weights,
                     const std::string& name, at::ScalarType dtype)
    : heads_(config.num_attention_heads),
      kv_heads_(config.num_key_value_heads),
      head_dim_(config.head_dim()),
      query_(Linear::load(weights, name + "q_proj", config.attention_bias, dtype)),
      key_(Linear::load(weights, name + "k_proj", config.attention_bias, dtype)),
      value_(Linear::load(weights, name + "v_proj", config.attention_bias, dtype)),
      output_(Linear::load(weights, name + "o_proj", config.attention_bias, dtype)),
      query_norm_(HeadNorm::load(weights, name + "q_norm", heads_)),
      key_norm_(HeadNorm::load(weights, name + "k_norm", kv_heads_)) {}

at::Tensor Attention::operator()(const at::Tensor& x, const Window& window, KvCache& cache,
                                 std::int64_t layer) const {
  const std::int64_t batch = x.size(0);
  const std::int64_t length = x.size(1);
  const at::ScalarType dtype = x.scalar_type();

  // Queries and keys are normalised and rotated in fp32 and rounded once, so a bf16 cache holds the
  // very values that the reference's fp32 key cache is rounded to on every use (spec 3.10).
  at::Tensor q = query_norm_(query_(x).view({batch, length, heads_, head_dim_}));
  at::Tensor k = key_norm_(key_(x).view({batch, length, kv_heads_, head_dim_}));
  at::Tensor v = value_(x).view({batch, length, kv_heads_, head_dim_});
  q = rotate(q, window.rotation).to(dtype).transpose(1, 2);  // [B, heads, T, d]
  k = rotate(k, window.rotation).to(dtype).transpose(1, 2);  // [B, kv heads, T, d]
  v = v.transpose(1, 2);                                     // [B, kv heads, T, d]

  at::Tensor out = at::empty({batch, length, heads_, head_dim_}, x.options());
  for (std::int64_t b = 0; b < batch; ++b) {
    const int row = window.rows[b];
    const std::int64_t visible = window.starts[b] + length;
    cache.store(layer, row, window.starts[b], k[b], v[b]);
    out[b].copy_(attend(q[b], cache.keys(layer, row, visible), cache.values(layer, row, visible),
                        window.masks[b])
                     .transpose(0, 1));
  }
  return output_(out.view({batch, length, heads_ * head_dim_}));
}

}  // namespace lumina::model
