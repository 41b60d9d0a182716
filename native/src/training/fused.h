// Parts of the transformer as single autograd operations on the CPU: composed of ATen's, their many
// passes over memory would cost more than the matrix products between them. Computed in fp32
// whatever goes in. Elsewhere the composed twins below serve.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace lumina::training {

// x / rms(x) * weight over the last dimension: x [.., H] of any floating type, weight [H] fp32 ->
// [.., H] in x's type (Zhang and Sennrich, arXiv:1910.07467).
at::Tensor fused_rms_norm(const at::Tensor& x, const at::Tensor& weight, double epsilon);

// Normalises every head of a query or key and turns it to its position: x [B, T, heads, d], weight
// and bias [rows, d] fp32, each row for heads / rows neighbours; cos and sin [1, T, 1, d / 2] fp32
// -> [B, heads, T, d] fp32.
at::Tensor fused_head_norm_rotate(const at::Tensor& x, const at::Tensor& weight,
                                  const at::Tensor& bias, const at::Tensor& cos,
                                  const at::Tensor& sin, double epsilon);

// softmax(q kᵀ / sqrt(d)) v in causal order: q, k, v [B, heads, T, d] fp32, the same -> out. Blocks
// of queries keep the scores in the cache, and the backward pass computes them again (Dao et al.,
// arXiv:2205.14135).
at::Tensor causal_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v);

// The same, composed of ATen's operations; on any device.
at::Tensor composed_rms_norm(const at::Tensor& x, const at::Tensor& weight, double epsilon);
at::Tensor composed_head_norm_rotate(const at::Tensor& x, const at::Tensor& weight,
                                     const at::Tensor& bias, const at::Tensor& cos,
                                     const at::Tensor& sin, double epsilon);
at::Tensor composed_causal_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v);

}  // namespace lumina::training
