// Sixteen numbers at a time. Only functions marked LUMINA_AVX512 may use these, and only a
// processor for which has_avx512() is true may run those.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__)
#define LUMINA_HAS_AVX512_CODE 1
#include <immintrin.h>

#include <algorithm>
#include <cstdint>

#define LUMINA_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq")))
// With the dot product of bytes; for processors whose isa() is kAvx512Vnni.
#define LUMINA_AVX512_VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")))
// With the dot product of bf16 numbers; for processors whose isa() is kAvx512Bf16.
#define LUMINA_AVX512_BF16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))
// With products of tiles; for processors whose isa() is kAmxBf16.
#define LUMINA_AMX __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,amx-tile,amx-bf16")))

namespace lumina::kernels {

inline constexpr int kLanes = 16;

// Lanes 0 .. count-1.
inline __mmask16 first_lanes(int count) { return static_cast<__mmask16>((1u << count) - 1u); }
// As many lanes as numbers are left.
inline __mmask16 lanes_left(std::int64_t count) {
  return first_lanes(static_cast<int>(std::min<std::int64_t>(kLanes, count)));
}

LUMINA_AVX512 inline __m512 load(const float* p) { return _mm512_loadu_ps(p); }
LUMINA_AVX512 inline __m512 load(const float* p, __mmask16 lanes) {
  return _mm512_maskz_loadu_ps(lanes, p);
}

// bf16 is the upper half of an fp32.
LUMINA_AVX512 inline __m512 widen(__m256i bf16) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(bf16), 16));
}
LUMINA_AVX512 inline __m512 load(const std::uint16_t* p) {
  return widen(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
}
LUMINA_AVX512 inline __m512 load(const std::uint16_t* p, __mmask16 lanes) {
  return widen(_mm256_maskz_loadu_epi16(lanes, p));
}

// As to_bf16().
LUMINA_AVX512 inline __m256i narrow(__m512 value) {
  const __m512i bits = _mm512_castps_si512(value);
  const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
  const __m512i nearest = _mm512_add_epi32(_mm512_add_epi32(bits, odd), _mm512_set1_epi32(0x7FFF));
  const __mmask16 unordered = _mm512_cmp_ps_mask(value, value, _CMP_UNORD_Q);
  return _mm512_cvtepi32_epi16(_mm512_srli_epi32(
      _mm512_mask_mov_epi32(nearest, unordered, _mm512_set1_epi32(0x7FC00000)), 16));
}

LUMINA_AVX512 inline void store(float* p, __mmask16 lanes, __m512 value) {
  _mm512_mask_storeu_ps(p, lanes, value);
}
LUMINA_AVX512 inline void store(std::uint16_t* p, __mmask16 lanes, __m512 value) {
  _mm256_mask_storeu_epi16(p, lanes, narrow(value));
}

LUMINA_AVX512 inline __m512 load(const std::int8_t* p) {
  return _mm512_cvtepi32_ps(
      _mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
}

}  // namespace lumina::kernels
#endif
