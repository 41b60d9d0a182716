// What the products of rows that lie side by side have in common.
#pragma once

#include <algorithm>
#include <cstdint>

#include "avx512.h"
#include "linear_bf16.h"

namespace lumina::kernels {

inline constexpr std::int64_t kGroup = 16;  // rows side by side, a 32-bit lane each

inline std::int64_t groups(std::int64_t rows) { return (rows + kGroup - 1) / kGroup; }

// linear_bf16() of arranged rows by tiles, for as many outputs from `first` on as fill whole tiles:
// returns the first that is left. Needs isa() >= kAmxBf16.
std::int64_t linear_amx(const Bf16LinearArguments& arguments, std::int64_t first,
                        std::int64_t last);

#ifdef LUMINA_HAS_AVX512_CODE

// from: eight outputs, `stride` numbers apart, of `rows` rows each -> to: rows, `out` numbers
// apart, of eight outputs. Eight whole rows at a time are read, so `from` must have them.
LUMINA_AVX512 inline void write_eight_outputs(const std::uint16_t* from, std::int64_t stride,
                                              std::int64_t rows, std::uint16_t* to,
                                              std::int64_t out) {
  for (std::int64_t m = 0; m < rows; m += 8) {
    __m128i a[8], b[8];
    for (int r = 0; r < 8; ++r) {
      a[r] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + r * stride + m));
    }
    for (int r = 0; r < 4; ++r) {
      b[2 * r] = _mm_unpacklo_epi16(a[2 * r], a[2 * r + 1]);
      b[2 * r + 1] = _mm_unpackhi_epi16(a[2 * r], a[2 * r + 1]);
    }
    for (int half = 0; half < 2; ++half) {
      const __m128i* in = b + 4 * half;
      a[4 * half] = _mm_unpacklo_epi32(in[0], in[2]);
      a[4 * half + 1] = _mm_unpackhi_epi32(in[0], in[2]);
      a[4 * half + 2] = _mm_unpacklo_epi32(in[1], in[3]);
      a[4 * half + 3] = _mm_unpackhi_epi32(in[1], in[3]);
    }
    for (int r = 0; r < 4; ++r) {
      b[2 * r] = _mm_unpacklo_epi64(a[r], a[4 + r]);
      b[2 * r + 1] = _mm_unpackhi_epi64(a[r], a[4 + r]);
    }
    for (std::int64_t i = 0; i < std::min<std::int64_t>(8, rows - m); ++i) {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(to + (m + i) * out), b[i]);
    }
  }
}

#endif

}  // namespace lumina::kernels
