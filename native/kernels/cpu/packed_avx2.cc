#include "avx512.h"
#include "packed_strip.h"

#ifdef LUMINA_HAS_AVX512_CODE

#define LUMINA_AVX2 __attribute__((target("avx2,fma")))

namespace lumina::kernels {
namespace {

constexpr int kWidth = 8;     // outputs of one register
constexpr int kMostRows = 4;  // sums of 16 and of 32 bits, and the weights, fit the registers

LUMINA_AVX2 inline __m256 load_bf16(const std::uint8_t* p) {
  const __m128i half = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(half), 16));
}

LUMINA_AVX2 inline __m256i load_bytes(const std::uint8_t* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}

LUMINA_AVX2 inline __m256i four_codes(const std::int8_t* x) {
  return _mm256_set1_epi32(*reinterpret_cast<const std::int32_t*>(x));
}

// The products of 4-bit by 8-bit codes are added in 16 bits: 16 of them stay below 2^15, being two
// in each of eight additions, which is 32 inputs of a lane of four.
constexpr std::int64_t kInputsIn16Bits = 32;

// R rows of one block for eight outputs; `block` points at their first word.
template <int R, Codes C>
LUMINA_AVX2 inline void dot_rounded(const StripArguments& a, std::int64_t g, std::int64_t row,
                                    const std::uint8_t* block, __m256i (&dot)[R]) {
  const std::int64_t rows = a.x->rows;
  const std::int64_t group = a.layout->group;
  const std::int8_t* x = a.x->codes.data() + (g * group / 4 * rows + row) * 4;
  const std::int64_t step = rows * 4;
  const __m256i low = _mm256_set1_epi8(0x0F);
  const __m256i ones = _mm256_set1_epi16(1);
  for (std::int64_t k = 0; k < group; k += kInputsIn16Bits) {
    // int4: `lower` takes all. int8: code = 16 * upper half + lower half, summed apart, because
    // products of whole bytes would not fit.
    __m256i lower[R];
    __m256i upper[R];
    for (int r = 0; r < R; ++r) lower[r] = upper[r] = _mm256_setzero_si256();
    constexpr int kInputs = C == Codes::kInt4 ? 8 : 4;  // in 128 bytes
    for (int i = 0; i < kInputsIn16Bits; i += kInputs) {
      const __m256i words = load_bytes(block);
      const __m256i a0 = _mm256_and_si256(words, low);
      const __m256i b0 = _mm256_and_si256(_mm256_srli_epi16(words, 4), low);
      for (int r = 0; r < R; ++r) {
        const __m256i first = four_codes(x + 4 * r);
        lower[r] = _mm256_add_epi16(lower[r], _mm256_maddubs_epi16(a0, first));
        if constexpr (C == Codes::kInt4) {
          const __m256i second = four_codes(x + step + 4 * r);
          lower[r] = _mm256_add_epi16(lower[r], _mm256_maddubs_epi16(b0, second));
        } else {
          upper[r] = _mm256_add_epi16(upper[r], _mm256_maddubs_epi16(b0, first));
        }
      }
      block += 128;
      x += step * kInputs / 4;
    }
    for (int r = 0; r < R; ++r) {
      dot[r] = _mm256_add_epi32(dot[r], _mm256_madd_epi16(lower[r], ones));
      if constexpr (C == Codes::kInt8) {
        dot[r] = _mm256_add_epi32(dot[r], _mm256_madd_epi16(upper[r], _mm256_set1_epi16(16)));
      }
    }
  }
}

// The same with fp32 inputs.
template <int R, Codes C>
LUMINA_AVX2 inline void dot_exact(const StripArguments& a, std::int64_t g, std::int64_t row,
                                  const std::uint8_t* block, __m256 (&part)[R]) {
  const std::int64_t rows = a.x->rows;
  const std::int64_t group = a.layout->group;
  const float* x = a.x->values.data() + g * group * rows + row;
  constexpr int kInputs = C == Codes::kInt4 ? 8 : 4;  // in 128 bytes
  const __m256i mask = _mm256_set1_epi32(C == Codes::kInt4 ? 15 : 255);
  const __m256 middle = _mm256_set1_ps(C == Codes::kInt4 ? 8.0f : 128.0f);
  for (std::int64_t k = 0; k < group; k += kInputs) {
    const __m256i words = load_bytes(block);
    for (int i = 0; i < kInputs; ++i) {
      const int shift = i < 4 ? 8 * i : 8 * (i - 4) + 4;
      const __m256i code = _mm256_and_si256(_mm256_srli_epi32(words, shift), mask);
      const __m256 number = _mm256_sub_ps(_mm256_cvtepi32_ps(code), middle);
      for (int r = 0; r < R; ++r) {
        part[r] = _mm256_fmadd_ps(number, _mm256_broadcast_ss(x + r), part[r]);
      }
      x += rows;
    }
    block += 128;
  }
}

template <int R, Codes C>
LUMINA_AVX2 void block(const StripArguments& a, std::int64_t g, std::int64_t row) {
  const std::int64_t at = g * a.x->rows + row;
  const std::uint8_t* codes = a.strip + g * a.layout->block_bytes();
  const std::uint8_t* scales = codes + a.layout->group * kStrip / 2;
  constexpr int kMiddle = C == Codes::kInt4 ? 8 : 128;
  for (int first = 0; first < kStrip; first += kWidth) {
    __m256 part[R];
    if (a.x->rounded) {
      __m256i dot[R];
      for (int r = 0; r < R; ++r) dot[r] = _mm256_set1_epi32(-kMiddle * a.x->code_sum[at + r]);
      dot_rounded<R, C>(a, g, row, codes + 4 * first, dot);
      for (int r = 0; r < R; ++r) {
        part[r] = _mm256_mul_ps(_mm256_cvtepi32_ps(dot[r]), _mm256_set1_ps(a.x->scale[at + r]));
      }
    } else {
      for (int r = 0; r < R; ++r) part[r] = _mm256_setzero_ps();
      dot_exact<R, C>(a, g, row, codes + 4 * first, part);
    }
    for (int r = 0; r < R; ++r) {
      float* sum = a.sums + (row + r) * kStrip + first;
      __m256 added = _mm256_load_ps(sum);
      if constexpr (C == Codes::kInt8) {
        added = _mm256_add_ps(part[r], added);
      } else {
        added = _mm256_fmadd_ps(load_bf16(scales + 2 * first), part[r], added);
        added = _mm256_fmadd_ps(load_bf16(scales + 2 * (kStrip + first)),
                                _mm256_set1_ps(a.x->sum[at + r]), added);
      }
      _mm256_store_ps(sum, added);
    }
  }
}

using Block = void (*)(const StripArguments& a, std::int64_t g, std::int64_t row);

template <Codes C>
constexpr Block kBlocks[kMostRows + 1] = {nullptr, block<1, C>, block<2, C>, block<3, C>,
                                          block<4, C>};

LUMINA_AVX2 void apply_channel_scales(const StripArguments& a) {
  const auto* scales =
      reinterpret_cast<const float*>(a.strip + a.layout->groups() * a.layout->block_bytes());
  for (std::int64_t m = 0; m < a.x->rows; ++m) {
    for (int n = 0; n < kStrip; ++n) a.sums[m * kStrip + n] *= scales[n];
  }
}

}  // namespace

void strip_avx2(const StripArguments& a) {
  const bool int4 = a.layout->codes == Codes::kInt4;
  const Block* blocks = int4 ? kBlocks<Codes::kInt4> : kBlocks<Codes::kInt8>;
  const std::int64_t pieces = row_blocks(a.x->rows, kMostRows);
  for (std::int64_t g = 0; g < a.layout->groups(); ++g) {
    for (std::int64_t i = 0; i < pieces; ++i) {
      const RowBlock piece = row_block(a.x->rows, kMostRows, i);
      blocks[piece.count](a, g, piece.first);
    }
  }
  if (!int4) apply_channel_scales(a);
}

}  // namespace lumina::kernels

#endif
