#include "avx512.h"
#include "packed_strip.h"

#ifdef LUMINA_HAS_AVX512_CODE

namespace lumina::kernels {
namespace {

constexpr int kMostRows = 12;  // 24 sums in registers, and room for the weights

// What the sums of one block are multiplied by, for both halves of the strip.
struct Scales {
  __m512 scale[2];
  __m512 zero[2];
};

template <Codes C>
LUMINA_AVX512 inline Scales scales_of(const std::uint8_t* block, std::int64_t group) {
  if constexpr (C == Codes::kInt8) {  // one scale for the whole strip, applied at its end
    return {{_mm512_set1_ps(1.0f), _mm512_set1_ps(1.0f)},
            {_mm512_setzero_ps(), _mm512_setzero_ps()}};
  } else {
    const auto* at = reinterpret_cast<const std::uint16_t*>(block + group * kStrip / 2);
    return {{load(at), load(at + kLanes)}, {load(at + kStrip), load(at + kStrip + kLanes)}};
  }
}

template <Codes C>
LUMINA_AVX512 void finish(const StripArguments& a) {
  if constexpr (C == Codes::kInt8) {
    const auto* at =
        reinterpret_cast<const float*>(a.strip + a.layout->groups() * a.layout->block_bytes());
    const __m512 scale[2] = {load(at), load(at + kLanes)};
    for (std::int64_t m = 0; m < a.x->rows; ++m) {
      for (int v = 0; v < 2; ++v) {
        float* sum = a.sums + m * kStrip + v * kLanes;
        _mm512_store_ps(sum, _mm512_mul_ps(load(sum), scale[v]));
      }
    }
  }
}

// Many rows take so long over a block that the processor does not look ahead by itself. Each byte
// is read once, so it need not displace what the first level holds: hint T1.
inline void prefetch(const std::uint8_t* p) {
  __builtin_prefetch(p, /*rw=*/0, /*locality=*/2);
  __builtin_prefetch(p + 64, /*rw=*/0, /*locality=*/2);
}

// sum += the four products of unsigned codes and signed inputs in each lane. Not the intrinsic,
// around which GCC 12 moves every sum to another register and runs out of them.
LUMINA_AVX512_VNNI inline void add_dot(__m512i& sum, __m512i codes, __m512i inputs) {
  __asm__("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(codes), "v"(inputs));
}

// R rows of one block, integers. sum of (code - middle) * x = dot(code, x) - middle * sum(x).
template <int R, Codes C>
LUMINA_AVX512_VNNI void block_rounded(const StripArguments& a, std::int64_t g, std::int64_t row) {
  const std::int64_t rows = a.x->rows;
  const std::int64_t group = a.layout->group;
  const std::uint8_t* block = a.strip + g * a.layout->block_bytes();
  const std::int8_t* x = a.x->codes.data() + (g * group / 4 * rows + row) * 4;
  const std::int64_t step = rows * 4;  // from four inputs to the next four
  const std::int32_t* code_sum = a.x->code_sum.data() + g * rows + row;
  const std::int64_t next = a.layout->block_bytes();
  constexpr int kMiddle = C == Codes::kInt4 ? 8 : 128;

  __m512i dot[R][2];
#pragma GCC unroll 12
  for (int r = 0; r < R; ++r) {
    dot[r][0] = _mm512_set1_epi32(-kMiddle * code_sum[r]);
    dot[r][1] = dot[r][0];
  }
  if constexpr (C == Codes::kInt4) {
    const __m512i low = _mm512_set1_epi8(0x0F);
    for (std::int64_t k = 0; k < group; k += 8) {
      prefetch(block + next);
      const __m512i w0 = _mm512_load_si512(block);
      const __m512i w1 = _mm512_load_si512(block + 64);
      const __m512i a0 = _mm512_and_si512(w0, low);
      const __m512i a1 = _mm512_and_si512(w1, low);
#pragma GCC unroll 12
      for (int r = 0; r < R; ++r) {
        const __m512i four = _mm512_set1_epi32(*reinterpret_cast<const std::int32_t*>(x + 4 * r));
        add_dot(dot[r][0], a0, four);
        add_dot(dot[r][1], a1, four);
      }
      const __m512i b0 = _mm512_and_si512(_mm512_srli_epi16(w0, 4), low);
      const __m512i b1 = _mm512_and_si512(_mm512_srli_epi16(w1, 4), low);
#pragma GCC unroll 12
      for (int r = 0; r < R; ++r) {
        const __m512i four =
            _mm512_set1_epi32(*reinterpret_cast<const std::int32_t*>(x + step + 4 * r));
        add_dot(dot[r][0], b0, four);
        add_dot(dot[r][1], b1, four);
      }
      block += 128;
      x += 2 * step;
    }
  } else {
    for (std::int64_t k = 0; k < group; k += 4) {
      prefetch(block + next);
      const __m512i w0 = _mm512_load_si512(block);
      const __m512i w1 = _mm512_load_si512(block + 64);
#pragma GCC unroll 12
      for (int r = 0; r < R; ++r) {
        const __m512i four = _mm512_set1_epi32(*reinterpret_cast<const std::int32_t*>(x + 4 * r));
        add_dot(dot[r][0], w0, four);
        add_dot(dot[r][1], w1, four);
      }
      block += 128;
      x += step;
    }
  }
  const Scales s = scales_of<C>(a.strip + g * a.layout->block_bytes(), group);
  const float* x_scale = a.x->scale.data() + g * rows + row;
  const float* x_sum = a.x->sum.data() + g * rows + row;
#pragma GCC unroll 12
  for (int r = 0; r < R; ++r) {
    const __m512 factor = _mm512_set1_ps(x_scale[r]);
    const __m512 offset = _mm512_set1_ps(x_sum[r]);
#pragma GCC unroll 2
    for (int v = 0; v < 2; ++v) {
      float* sum = a.sums + (row + r) * kStrip + v * kLanes;
      const __m512 added = _mm512_fmadd_ps(_mm512_mul_ps(s.scale[v], factor),
                                           _mm512_cvtepi32_ps(dot[r][v]), load(sum));
      _mm512_store_ps(sum, C == Codes::kInt4 ? _mm512_fmadd_ps(s.zero[v], offset, added) : added);
    }
  }
}

// The codes in the lowest bits of sixteen words, as numbers.
template <Codes C>
LUMINA_AVX512 inline __m512 numbers(__m512i words) {
  if constexpr (C == Codes::kInt4) {
    const __m512 table = _mm512_setr_ps(-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7);
    return _mm512_permutexvar_ps(words, table);  // sees four bits
  } else {
    const __m512i code = _mm512_and_si512(words, _mm512_set1_epi32(255));
    return _mm512_sub_ps(_mm512_cvtepi32_ps(code), _mm512_set1_ps(128.0f));
  }
}

template <int R, Codes C>
LUMINA_AVX512 void block_exact(const StripArguments& a, std::int64_t g, std::int64_t row) {
  const std::int64_t rows = a.x->rows;
  const std::int64_t group = a.layout->group;
  const std::uint8_t* block = a.strip + g * a.layout->block_bytes();
  const float* x = a.x->values.data() + g * group * rows + row;
  constexpr int kInputs = C == Codes::kInt4 ? 8 : 4;  // in 128 bytes
  constexpr int kBits = C == Codes::kInt4 ? 4 : 8;

  __m512 part[R][2];
#pragma GCC unroll 12
  for (int r = 0; r < R; ++r) part[r][0] = part[r][1] = _mm512_setzero_ps();
  for (std::int64_t k = 0; k < group; k += kInputs) {
    prefetch(block + a.layout->block_bytes());
    __m512i w0 = _mm512_load_si512(block);
    __m512i w1 = _mm512_load_si512(block + 64);
    // Unrolled, this takes more registers than there are.
#pragma GCC unroll 1
    for (int i = 0; i < kInputs; ++i) {
      // From the lowest bits up lie inputs 0, 4, 1, 5, .. of int4 and 0, 1, 2, 3 of int8.
      const float* inputs = x + (C == Codes::kInt4 ? i % 2 * 4 + i / 2 : i) * rows;
      const __m512 c0 = numbers<C>(w0);
      const __m512 c1 = numbers<C>(w1);
      w0 = _mm512_srli_epi32(w0, kBits);
      w1 = _mm512_srli_epi32(w1, kBits);
#pragma GCC unroll 12
      for (int r = 0; r < R; ++r) {
        const __m512 value = _mm512_set1_ps(inputs[r]);
        part[r][0] = _mm512_fmadd_ps(c0, value, part[r][0]);
        part[r][1] = _mm512_fmadd_ps(c1, value, part[r][1]);
      }
    }
    x += kInputs * rows;
    block += 128;
  }
  const Scales s = scales_of<C>(a.strip + g * a.layout->block_bytes(), group);
  const float* x_sum = a.x->sum.data() + g * rows + row;
#pragma GCC unroll 12
  for (int r = 0; r < R; ++r) {
#pragma GCC unroll 2
    for (int v = 0; v < 2; ++v) {
      float* sum = a.sums + (row + r) * kStrip + v * kLanes;
      const __m512 added = _mm512_fmadd_ps(s.scale[v], part[r][v], load(sum));
      _mm512_store_ps(sum, C == Codes::kInt4
                               ? _mm512_fmadd_ps(s.zero[v], _mm512_set1_ps(x_sum[r]), added)
                               : added);
    }
  }
}

using Block = void (*)(const StripArguments& a, std::int64_t g, std::int64_t row);

template <Codes C>
constexpr Block kRounded[kMostRows + 1] = {nullptr,
                                           block_rounded<1, C>,
                                           block_rounded<2, C>,
                                           block_rounded<3, C>,
                                           block_rounded<4, C>,
                                           block_rounded<5, C>,
                                           block_rounded<6, C>,
                                           block_rounded<7, C>,
                                           block_rounded<8, C>,
                                           block_rounded<9, C>,
                                           block_rounded<10, C>,
                                           block_rounded<11, C>,
                                           block_rounded<12, C>};
template <Codes C>
constexpr Block kExact[kMostRows + 1] = {nullptr,           block_exact<1, C>,  block_exact<2, C>,
                                         block_exact<3, C>, block_exact<4, C>,  block_exact<5, C>,
                                         block_exact<6, C>, block_exact<7, C>,  block_exact<8, C>,
                                         block_exact<9, C>, block_exact<10, C>, block_exact<11, C>,
                                         block_exact<12, C>};

// A block of weights stays in the nearest cache while all rows pass it.
template <Codes C>
void strip(const StripArguments& a, const Block* blocks) {
  const std::int64_t pieces = row_blocks(a.x->rows, kMostRows);
  for (std::int64_t g = 0; g < a.layout->groups(); ++g) {
    for (std::int64_t i = 0; i < pieces; ++i) {
      const RowBlock piece = row_block(a.x->rows, kMostRows, i);
      blocks[piece.count](a, g, piece.first);
    }
  }
  finish<C>(a);
}

}  // namespace

void strip_avx512(const StripArguments& a) {
  if (a.layout->codes == Codes::kInt4) return strip<Codes::kInt4>(a, kExact<Codes::kInt4>);
  strip<Codes::kInt8>(a, kExact<Codes::kInt8>);
}

void strip_avx512_vnni(const StripArguments& a) {
  if (a.layout->codes == Codes::kInt4) return strip<Codes::kInt4>(a, kRounded<Codes::kInt4>);
  strip<Codes::kInt8>(a, kRounded<Codes::kInt8>);
}

}  // namespace lumina::kernels

#endif
