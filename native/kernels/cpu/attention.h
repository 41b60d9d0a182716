// Attention of the queries of a decode step or a speculative window over a cache.
#pragma once

#include <cstdint>

#include "element.h"

namespace lumina::kernels {

// The queries that share one key/value head.
struct AttentionArguments {
  const float* q = nullptr;  // [queries, d], dense
  std::int64_t queries = 0;
  const std::int64_t* visible = nullptr;  // [queries]: query i sees keys 0 .. visible[i] - 1, >= 1
  const void* k = nullptr;                // [length, d], dense
  const void* v = nullptr;                // [length, d], dense
  Element element = Element::kFloat32;    // of k and v
  // [length] where k and v are 8-bit numbers: what one of position j stands for; else null.
  const float* k_scale = nullptr;
  const float* v_scale = nullptr;
  std::int64_t d = 0;        // a multiple of 16
  float scale = 1.0f;        // of the dot products
  float* scratch = nullptr;  // [2, length]
  std::int64_t length = 0;   // largest of `visible`
  float* out = nullptr;      // [queries, d], dense
};

// out[i] = softmax(scale * q[i] kᵀ) v over the visible keys, all sums in fp32. Needs has_avx512().
void attend(const AttentionArguments& arguments);

}  // namespace lumina::kernels
