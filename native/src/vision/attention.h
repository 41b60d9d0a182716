// Single-head self-attention over all pixels of a picture (docs/spec/movqgan.md 2.4, 8.3).
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "vision/convolution.h"
#include "vision/norm.h"
#include "vision/tap.h"

namespace lumina::vision {

// Rows of the logit matrix that exist at a time.
constexpr std::int64_t kAttentionQueryBlock = 512;

// softmax(q k^T / sqrt(C)) v in blocks of query rows: exact, since each block sees every key.
// q, k, v: [N, C], float32 or float64, contiguous; result [N, C].
at::Tensor blocked_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                             std::int64_t query_block = kAttentionQueryBlock);

class AttentionBlock {
 public:
  AttentionBlock(const WeightReader& reader, const std::string& name, bool conditional);

  // x + proj_out(attention(norm(x))), [B, C, H, W], in x's memory. `latent` as in Norm.
  at::Tensor operator()(at::Tensor x, const at::Tensor& latent, const Tap& tap) const;

 private:
  std::string name_;
  Norm norm_;
  Pointwise query_;
  Pointwise key_;
  Pointwise value_;
  Pointwise projection_;
};

}  // namespace lumina::vision
