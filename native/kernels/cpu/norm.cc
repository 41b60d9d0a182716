#include "norm.h"

#include <cmath>

#include "avx512.h"
#include "element.h"
#include "isa.h"

namespace lumina::kernels {
namespace {

// term(0) + .. + term(n - 1), in partial sums that the compiler can keep side by side.
template <typename Term>
float sum_of(std::int64_t n, const Term& term) {
  constexpr int kParts = 16;
  float parts[kParts] = {};
  std::int64_t i = 0;
  for (; i + kParts <= n; i += kParts) {
    for (int p = 0; p < kParts; ++p) parts[p] += term(i + p);
  }
  for (int p = 0; i < n; ++i, ++p) parts[p] += term(i);
  float sum = 0.0f;
  for (const float part : parts) sum += part;
  return sum;
}

float reciprocal_root(float squares, std::int64_t n, float epsilon) {
  return 1.0f / std::sqrt(squares / static_cast<float>(n) + epsilon);
}

template <typename T>
void rms_norm_plain(const T* x, const T* weight, float epsilon, std::int64_t n, T* y) {
  const float squares = sum_of(n, [x](std::int64_t i) { return to_float(x[i]) * to_float(x[i]); });
  const float scale = reciprocal_root(squares, n, epsilon);
  for (std::int64_t i = 0; i < n; ++i) {
    T normal;
    put(to_float(x[i]) * scale, &normal);
    put(to_float(normal) * to_float(weight[i]), y + i);
  }
}

template <typename T>
void place_head_plain(const HeadPlacement<T>& a) {
  const float mean =
      sum_of(a.d, [&](std::int64_t i) { return to_float(a.x[i]); }) / static_cast<float>(a.d);
  const float squares = sum_of(a.d, [&](std::int64_t i) {
    const float off = to_float(a.x[i]) - mean;
    return off * off;
  });
  const float scale = reciprocal_root(squares, a.d, a.epsilon);
  const std::int64_t half = a.d / 2;
  for (std::int64_t i = 0; i < half; ++i) {
    const std::int64_t j = half + i;
    const float low = (to_float(a.x[i]) - mean) * scale * a.weight[i] + a.bias[i];
    const float high = (to_float(a.x[j]) - mean) * scale * a.weight[j] + a.bias[j];
    put(low * a.cos[i] - high * a.sin[i], a.y + i);
    put(high * a.cos[i] + low * a.sin[i], a.y + j);
  }
}

#ifdef LUMINA_HAS_AVX512_CODE

LUMINA_AVX512 inline __m512 as_stored(__m512 value, const float*) { return value; }
LUMINA_AVX512 inline __m512 as_stored(__m512 value, const std::uint16_t*) {
  return widen(narrow(value));
}

template <typename T>
LUMINA_AVX512 void rms_norm_avx512(const T* x, const T* weight, float epsilon, std::int64_t n,
                                   T* y) {
  __m512 squares = _mm512_setzero_ps();
  for (std::int64_t i = 0; i < n; i += kLanes) {
    const __m512 value = load(x + i, lanes_left(n - i));
    squares = _mm512_fmadd_ps(value, value, squares);
  }
  const __m512 scale = _mm512_set1_ps(reciprocal_root(_mm512_reduce_add_ps(squares), n, epsilon));
  for (std::int64_t i = 0; i < n; i += kLanes) {
    const __mmask16 lanes = lanes_left(n - i);
    const __m512 normal = as_stored(_mm512_mul_ps(load(x + i, lanes), scale), x);
    store(y + i, lanes, _mm512_mul_ps(normal, load(weight + i, lanes)));
  }
}

template <typename T>
LUMINA_AVX512 void place_head_avx512(const HeadPlacement<T>& a) {
  __m512 sum = _mm512_setzero_ps();
  for (std::int64_t i = 0; i < a.d; i += kLanes) {
    sum = _mm512_add_ps(sum, load(a.x + i, lanes_left(a.d - i)));
  }
  const __m512 mean = _mm512_set1_ps(_mm512_reduce_add_ps(sum) / static_cast<float>(a.d));
  __m512 squares = _mm512_setzero_ps();
  for (std::int64_t i = 0; i < a.d; i += kLanes) {
    const __mmask16 lanes = lanes_left(a.d - i);
    const __m512 off = _mm512_maskz_sub_ps(lanes, load(a.x + i, lanes), mean);
    squares = _mm512_fmadd_ps(off, off, squares);
  }
  const __m512 scale =
      _mm512_set1_ps(reciprocal_root(_mm512_reduce_add_ps(squares), a.d, a.epsilon));
  const std::int64_t half = a.d / 2;
  for (std::int64_t i = 0; i < half; i += kLanes) {
    const std::int64_t j = half + i;
    const __mmask16 lanes = lanes_left(half - i);
    const __m512 first = _mm512_mul_ps(_mm512_sub_ps(load(a.x + i, lanes), mean), scale);
    const __m512 second = _mm512_mul_ps(_mm512_sub_ps(load(a.x + j, lanes), mean), scale);
    const __m512 low = _mm512_fmadd_ps(first, load(a.weight + i, lanes), load(a.bias + i, lanes));
    const __m512 high = _mm512_fmadd_ps(second, load(a.weight + j, lanes), load(a.bias + j, lanes));
    const __m512 cos = load(a.cos + i, lanes);
    const __m512 sin = load(a.sin + i, lanes);
    store(a.y + i, lanes, _mm512_fmsub_ps(low, cos, _mm512_mul_ps(high, sin)));
    store(a.y + j, lanes, _mm512_fmadd_ps(high, cos, _mm512_mul_ps(low, sin)));
  }
}

#endif

template <typename T>
void rms_norm_any(const T* x, const T* weight, float epsilon, std::int64_t n, T* y) {
#ifdef LUMINA_HAS_AVX512_CODE
  if (isa() >= Isa::kAvx512) return rms_norm_avx512(x, weight, epsilon, n, y);
#endif
  rms_norm_plain(x, weight, epsilon, n, y);
}

template <typename T>
void place_any(const HeadPlacement<T>& head) {
#ifdef LUMINA_HAS_AVX512_CODE
  if (isa() >= Isa::kAvx512) return place_head_avx512(head);
#endif
  place_head_plain(head);
}

}  // namespace

void rms_norm(const float* x, const float* weight, float epsilon, std::int64_t n, float* y) {
  rms_norm_any(x, weight, epsilon, n, y);
}
void rms_norm(const std::uint16_t* x, const std::uint16_t* weight, float epsilon, std::int64_t n,
              std::uint16_t* y) {
  rms_norm_any(x, weight, epsilon, n, y);
}

void place_head(const HeadPlacement<float>& head) { place_any(head); }
void place_head(const HeadPlacement<std::uint16_t>& head) { place_any(head); }

}  // namespace lumina::kernels
