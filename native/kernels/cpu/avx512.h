// Sixteen numbers at a time. Only functions marked LUMINA_AVX512 may use these, and only a
// processor for which has_avx512() is true may run those.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__)
#define LUMINA_HAS_AVX512_CODE 1
#include <immintrin.h>

#include <cstdint>

#define LUMINA_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq")))
// With the dot product of bytes; for processors whose isa() is kAvx512Vnni.
#define LUMINA_AVX512_VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")))

namespace lumina::kernels {

inline constexpr int kLanes = 16;

// Lanes 0 .. count-1.
inline __mmask16 first_lanes(int count) { return static_cast<__mmask16>((1u << count) - 1u); }

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

LUMINA_AVX512 inline __m512 load(const std::int8_t* p) {
  return _mm512_cvtepi32_ps(
      _mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
}

}  // namespace lumina::kernels
#endif
