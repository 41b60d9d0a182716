#include "model/attention.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "device/blas_threads.h"
#include "kernels/cpu/attention.h"

namespace lumina::model {
namespace {

at::Tensor causal_mask(std::int64_t start, std::int64_t length) {
  const at::Tensor blocked =
      at::full({length, start + length}, -std::numeric_limits<double>::infinity(), at::kFloat);
  return blocked.triu_(start + 1);  // token t sees keys 0 .. start + t; triu zeroes those
}

// Decode steps and speculative windows; a prompt's chunk is ATen's.
constexpr std::int64_t kFewTokens = 64;
// Keys that a thread should at least have to pass, for its start to be worth while; two queries
// pass together.
constexpr std::int64_t kKeysPerThread = 512;
// Key/value heads that are widened to fp32 together, which bounds the copies.
constexpr std::int64_t kHeadsTogether = 8;

// An element type that the kernel reads.
std::optional<kernels::Element> element_of(at::ScalarType dtype) {
  switch (dtype) {
    case at::kFloat: return kernels::Element::kFloat32;
    case at::kBFloat16: return kernels::Element::kBFloat16;
    case at::kChar: return kernels::Element::kInt8;
    default: return std::nullopt;
  }
}

// q [.., T, d]
bool suits_kernel(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
  const auto dense_heads = [](const at::Tensor& x) {
    return x.stride(2) == 1 && x.stride(1) == x.size(2);
  };
  return kernels::has_avx512() && q.size(-2) <= kFewTokens && q.size(-1) % 16 == 0 && k.is_cpu() &&
         element_of(k.scalar_type()) && dense_heads(k) && dense_heads(v);
}

// q [B, heads, T, d] of B rows with their own keys and values -> [B, heads, T, d]. One start of the
// threads for all of them.
at::Tensor attend_few(const at::Tensor& q, const std::vector<CachedHeads>& keys,
                      const std::vector<CachedHeads>& values) {
  const std::int64_t groups = keys[0].values.size(0);
  const std::int64_t tokens = q.size(2);
  const std::int64_t d = q.size(3);
  const std::int64_t queries = q.size(1) / groups * tokens;
  const at::Tensor wide = q.to(at::kFloat).contiguous();
  const at::Tensor out = at::empty_like(wide);
  std::int64_t longest = 0;
  std::vector<std::vector<std::int64_t>> visible(keys.size());
  for (std::size_t row = 0; row < keys.size(); ++row) {
    const std::int64_t length = keys[row].values.size(1);
    longest = std::max(longest, length);
    for (std::int64_t i = 0; i < queries; ++i) {
      visible[row].push_back(length - tokens + i % tokens + 1);
    }
  }
  const auto head_of = [](const at::Tensor& x, std::int64_t head) {
    return static_cast<const char*>(x.const_data_ptr()) +
           head * x.stride(0) * static_cast<std::int64_t>(x.element_size());
  };
  const auto scale_of = [](const CachedHeads& x, std::int64_t head) {
    return x.scale.defined() ? x.scale.const_data_ptr<float>() + head * x.scale.stride(0) : nullptr;
  };
  const auto rows = static_cast<std::int64_t>(keys.size());
  const std::int64_t grain =
      std::max<std::int64_t>(1, kKeysPerThread / (longest * ((queries + 1) / 2)));
  at::parallel_for(0, rows * groups, grain, [&](std::int64_t first, std::int64_t last) {
    std::vector<float> scratch(2 * longest);
    kernels::AttentionArguments arguments;
    arguments.queries = queries;
    arguments.element = *element_of(keys[0].values.scalar_type());
    arguments.d = d;
    arguments.scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(d)));
    arguments.scratch = scratch.data();
    for (std::int64_t i = first; i < last; ++i) {
      const std::int64_t row = i / groups, head = i % groups;
      arguments.visible = visible[row].data();
      arguments.length = keys[row].values.size(1);
      arguments.q = wide.const_data_ptr<float>() + i * queries * d;
      arguments.k = head_of(keys[row].values, head);
      arguments.v = head_of(values[row].values, head);
      arguments.k_scale = scale_of(keys[row], head);
      arguments.v_scale = scale_of(values[row], head);
      arguments.out = out.data_ptr<float>() + i * queries * d;
      kernels::attend(arguments);
    }
  });
  return out.to(q.scalar_type());
}

// ATen's attention, in fp32 whatever the inputs are: on a CPU its bf16 form is tens of times
// slower.
at::Tensor attend_many(const at::Tensor& q, const CachedHeads& k, const CachedHeads& v,
                       const at::Tensor& mask) {
  const device::SingleThreadedBlas single;
  const std::int64_t groups = k.values.size(0);
  const std::int64_t group = q.size(0) / groups;
  std::vector<at::Tensor> parts;
  for (std::int64_t first = 0; first < groups; first += kHeadsTogether) {
    const std::int64_t count = std::min(kHeadsTogether, groups - first);
    // Key/value heads take the place of the batch and their query heads that of the heads, so that
    // sharing is an expanded view and nothing is repeated in memory.
    const auto shared = [&](const CachedHeads& x) {
      at::Tensor wide = x.values.narrow(0, first, count).to(at::kFloat);
      if (x.scale.defined()) wide.mul_(x.scale.narrow(0, first, count).unsqueeze(2));
      return wide.unsqueeze(1).expand({-1, group, -1, -1});
    };
    const at::Tensor part = at::scaled_dot_product_attention(
        q.narrow(0, first * group, count * group).to(at::kFloat).unflatten(0, {count, group}),
        shared(k), shared(v), mask.defined() ? std::make_optional(mask) : std::nullopt,
        /*dropout_p=*/0.0, /*is_causal=*/!mask.defined() && q.size(1) > 1);
    parts.push_back(part.flatten(0, 1).to(q.scalar_type()));
  }
  return parts.size() == 1 ? parts.front() : at::cat(parts);
}

}  // namespace

Window make_window(std::vector<int> rows, std::vector<std::int64_t> starts, std::int64_t length,
                   Rotation rotation, at::Device device) {
  Window window;
  for (const std::int64_t start : starts) {
    const bool plain = length == 1 || start == 0;
    window.masks.push_back(plain ? at::Tensor() : causal_mask(start, length).to(device));
  }
  window.rows = std::move(rows);
  window.starts = std::move(starts);
  window.length = length;
  window.rotation = std::move(rotation);
  return window;
}

at::Tensor attend(const at::Tensor& q, const std::vector<CachedHeads>& keys,
                  const std::vector<CachedHeads>& values, const std::vector<at::Tensor>& masks) {
  if (suits_kernel(q, keys[0].values, values[0].values)) return attend_few(q, keys, values);
  std::vector<at::Tensor> rows;
  for (std::size_t b = 0; b < keys.size(); ++b) {
    rows.push_back(attend_many(q[static_cast<std::int64_t>(b)], keys[b], values[b], masks[b]));
  }
  return at::stack(rows);
}

Attention::Attention(const checkpoint::ModelConfig& config, const checkpoint::WeightSet& weights,
                     const std::string& name, const Storage& storage)
    : heads_(config.num_attention_heads),
      kv_heads_(config.num_key_value_heads),
      head_dim_(config.head_dim()),
      query_(Linear::load(weights, name + "q_proj", config.attention_bias, storage)),
      key_(Linear::load(weights, name + "k_proj", config.attention_bias, storage)),
      value_(Linear::load(weights, name + "v_proj", config.attention_bias, storage)),
      output_(Linear::load(weights, name + "o_proj", config.attention_bias, storage)),
      query_norm_(HeadNorm::load(weights, name + "q_norm", heads_, storage.device)),
      key_norm_(HeadNorm::load(weights, name + "k_norm", kv_heads_, storage.device)) {}

at::Tensor WindowMemory::attend(std::int64_t layer, const at::Tensor& q, const at::Tensor& k,
                                const at::Tensor& v) {
  std::vector<CachedHeads> keys, values;
  for (std::int64_t b = 0; b < q.size(0); ++b) {
    const int row = window_.rows[b];
    const std::int64_t visible = window_.starts[b] + window_.length;
    cache_.store(layer, row, window_.starts[b], k[b], v[b]);
    keys.push_back(cache_.keys(layer, row, visible));
    values.push_back(cache_.values(layer, row, visible));
  }
  return model::attend(q, keys, values, window_.masks);
}

at::Tensor Attention::operator()(const at::Tensor& x, const Rotation& rotation, PassMemory& memory,
                                 std::int64_t layer) const {
  const std::int64_t batch = x.size(0);
  const std::int64_t length = x.size(1);

  // Queries and keys are normalised and rotated in fp32 and rounded once, so a bf16 cache holds the
  // very values that the reference rounds its fp32 keys to on every use (docs/spec/model.md 3.10).
  const std::vector<at::Tensor> projected = Linear::together(x, {&query_, &key_, &value_});
  const auto heads = [&](std::size_t part, std::int64_t count) {
    return projected[part].view({batch, length, count, head_dim_});
  };
  const at::Tensor q = query_norm_.placed(heads(0, heads_), rotation);
  const at::Tensor k = key_norm_.placed(heads(1, kv_heads_), rotation);
  const at::Tensor v = heads(2, kv_heads_).transpose(1, 2);  // [B, kv heads, T, d], as q and k
  const at::Tensor out = memory.attend(layer, q, k, v);      // [B, heads, T, d]
  return output_(out.transpose(1, 2).reshape({batch, length, heads_ * head_dim_}));
}

}  // namespace lumina::model
