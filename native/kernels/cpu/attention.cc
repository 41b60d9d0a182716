#include "attention.h"

#include <algorithm>
#include <limits>

#include "avx512.h"
#include "lumina/status.h"

namespace lumina::kernels {

#ifdef LUMINA_HAS_AVX512_CODE
namespace {

// e^x for x <= 0, relative error below 2e-7: x = n ln 2 + r, |r| <= ln 2 / 2, Taylor polynomial in
// r.
LUMINA_AVX512 inline __m512 exponential(__m512 x) {
  const __m512 n = _mm512_roundscale_ps(_mm512_mul_ps(x, _mm512_set1_ps(1.44269504f)),
                                        _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  __m512 r = _mm512_fnmadd_ps(n, _mm512_set1_ps(0.693359375f), x);  // ln 2 in two parts
  r = _mm512_fnmadd_ps(n, _mm512_set1_ps(-2.12194440e-4f), r);
  __m512 p = _mm512_set1_ps(1.0f / 5040.0f);
  for (const float c :
       {1.0f / 720.0f, 1.0f / 120.0f, 1.0f / 24.0f, 1.0f / 6.0f, 0.5f, 1.0f, 1.0f}) {
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(c));
  }
  return _mm512_scalef_ps(p, n);  // underflows to 0 by itself
}

// scores[q * length + j] = scale * q . k[j] for all keys j.
template <int Q, typename T>
LUMINA_AVX512 void score(const AttentionArguments& a, const float* q) {
  const T* k = static_cast<const T*>(a.k);
  for (std::int64_t j = 0; j < a.length; ++j) {
    __m512 sum[Q];
    for (int i = 0; i < Q; ++i) sum[i] = _mm512_setzero_ps();
    for (std::int64_t c = 0; c < a.d; c += kLanes) {
      const __m512 key = load(k + j * a.d + c);
      for (int i = 0; i < Q; ++i) sum[i] = _mm512_fmadd_ps(key, load(q + i * a.d + c), sum[i]);
    }
    const float scale = a.k_scale == nullptr ? a.scale : a.scale * a.k_scale[j];
    for (int i = 0; i < Q; ++i) {
      a.scratch[i * a.length + j] = scale * _mm512_reduce_add_ps(sum[i]);
    }
  }
}

// Turns `count` scores into e^(score - max), clears those behind, and returns their sum.
LUMINA_AVX512 float exponentiate(float* scores, std::int64_t count, std::int64_t length) {
  const __m512 lowest = _mm512_set1_ps(-std::numeric_limits<float>::infinity());
  __m512 most = lowest;
  for (std::int64_t j = 0; j < count; j += kLanes) {
    most = _mm512_max_ps(most, _mm512_mask_loadu_ps(lowest, lanes_left(count - j), scores + j));
  }
  const __m512 shift = _mm512_set1_ps(_mm512_reduce_max_ps(most));
  __m512 sum = _mm512_setzero_ps();
  for (std::int64_t j = 0; j < count; j += kLanes) {
    const __mmask16 lanes = lanes_left(count - j);
    const __m512 value = exponential(_mm512_sub_ps(load(scores + j, lanes), shift));
    _mm512_mask_storeu_ps(scores + j, lanes, value);
    sum = _mm512_mask_add_ps(sum, lanes, sum, value);
  }
  std::fill(scores + count, scores + length, 0.0f);
  return _mm512_reduce_add_ps(sum);
}

// Values that are 8-bit numbers are weighted by what they stand for.
LUMINA_AVX512 void weigh(float* scores, const float* scale, std::int64_t count) {
  for (std::int64_t j = 0; j < count; j += kLanes) {
    const __mmask16 lanes = lanes_left(count - j);
    _mm512_mask_storeu_ps(scores + j, lanes,
                          _mm512_mul_ps(load(scores + j, lanes), load(scale + j, lanes)));
  }
}

// out[q][c ..] = factor[q] * sum over j of scores[q][j] * v[j][c ..], C vectors of columns.
template <int Q, int C, typename T>
LUMINA_AVX512 void mix(const AttentionArguments& a, std::int64_t column, const float* factor,
                       float* out) {
  const T* v = static_cast<const T*>(a.v) + column;
  __m512 sum[Q][C];
  for (int i = 0; i < Q; ++i) {
    for (int c = 0; c < C; ++c) sum[i][c] = _mm512_setzero_ps();
  }
  for (std::int64_t j = 0; j < a.length; ++j) {
    __m512 weight[Q];
    for (int i = 0; i < Q; ++i) weight[i] = _mm512_set1_ps(a.scratch[i * a.length + j]);
    for (int c = 0; c < C; ++c) {
      const __m512 value = load(v + j * a.d + c * kLanes);
      for (int i = 0; i < Q; ++i) sum[i][c] = _mm512_fmadd_ps(weight[i], value, sum[i][c]);
    }
  }
  for (int i = 0; i < Q; ++i) {
    for (int c = 0; c < C; ++c) {
      _mm512_storeu_ps(out + i * a.d + column + c * kLanes,
                       _mm512_mul_ps(sum[i][c], _mm512_set1_ps(factor[i])));
    }
  }
}

template <int Q, typename T>
LUMINA_AVX512 void attend_some(const AttentionArguments& a, std::int64_t first) {
  score<Q, T>(a, a.q + first * a.d);
  float factor[Q];
  for (int i = 0; i < Q; ++i) {
    float* scores = a.scratch + i * a.length;
    factor[i] = 1.0f / exponentiate(scores, a.visible[first + i], a.length);
    if (a.v_scale != nullptr) weigh(scores, a.v_scale, a.visible[first + i]);
  }
  float* out = a.out + first * a.d;
  std::int64_t column = 0;
  for (; column + 8 * kLanes <= a.d; column += 8 * kLanes) mix<Q, 8, T>(a, column, factor, out);
  for (; column + 4 * kLanes <= a.d; column += 4 * kLanes) mix<Q, 4, T>(a, column, factor, out);
  for (; column < a.d; column += kLanes) mix<Q, 1, T>(a, column, factor, out);
}

template <typename T>
void attend_all(const AttentionArguments& a) {
  std::int64_t i = 0;
  for (; i + 2 <= a.queries; i += 2) attend_some<2, T>(a, i);
  if (i < a.queries) attend_some<1, T>(a, i);
}

}  // namespace

void attend(const AttentionArguments& a) {
  switch (a.element) {
    case Element::kFloat32: return attend_all<float>(a);
    case Element::kBFloat16: return attend_all<std::uint16_t>(a);
    case Element::kInt8: return attend_all<std::int8_t>(a);
  }
}

#else

void attend(const AttentionArguments&) {
  throw Error(ErrorCode::kInternal, "this processor family has no such kernel");
}

#endif

}  // namespace lumina::kernels
