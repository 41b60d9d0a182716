#include "linear_bf16.h"

#include <cstring>

#include "avx512.h"
#include "element.h"
#include "isa.h"
#include "linear_bf16_columns.h"
#include "lumina/status.h"

namespace lumina::kernels {

bool has_bf16_products() { return isa() >= Isa::kAvx512Bf16; }

namespace {

// Up to here, rows meet the weights along the inputs; tiles are worth it from fewer rows on.
constexpr std::int64_t kMostSeparateRows = 8;
constexpr std::int64_t kMostSeparateRowsBesideTiles = 4;

std::int64_t pairs(std::int64_t in) { return (in + 1) / 2; }

}  // namespace

bool needs_arranging(std::int64_t rows) {
  return rows > (isa() >= Isa::kAmxBf16 ? kMostSeparateRowsBesideTiles : kMostSeparateRows);
}

std::int64_t arranged_size(std::int64_t rows, std::int64_t in) {
  return (pairs(in) + kGroup - 1) / kGroup * kGroup * groups(rows) * kGroup * 2;
}

#ifdef LUMINA_HAS_AVX512_CODE
namespace {

// Sixteen rows by sixteen pairs, transposed: rows that do not exist are zeros.
LUMINA_AVX512 void arrange_block(const std::uint16_t* x, std::int64_t rows, std::int64_t in,
                                 std::int64_t pair, std::uint16_t* to, std::int64_t stride) {
  alignas(64) std::uint32_t block[kGroup][kGroup];
  const std::int64_t left = std::min<std::int64_t>(2 * kGroup, in - 2 * pair);
  const auto lanes = static_cast<__mmask32>((std::uint64_t{1} << left) - 1);
  for (std::int64_t m = 0; m < kGroup; ++m) {
    const __m512i row =
        m < rows ? _mm512_maskz_loadu_epi16(lanes, x + m * in + 2 * pair) : _mm512_setzero_si512();
    _mm512_store_si512(block[m], row);
  }
  const __m512i column =
      _mm512_mullo_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
                         _mm512_set1_epi32(kGroup));
  for (std::int64_t k = 0; k < kGroup; ++k) {
    _mm512_storeu_si512(to + k * stride, _mm512_i32gather_epi32(column, block[0] + k, 4));
  }
}

// M rows of x and R of the weight in registers together, along the inputs.
template <int M, int R>
LUMINA_AVX512_BF16 void separate_block(const Bf16LinearArguments& a, std::int64_t n) {
  __m512 sum[M][R];
  for (int m = 0; m < M; ++m) {
    for (int r = 0; r < R; ++r) sum[m][r] = _mm512_setzero_ps();
  }
  const std::uint16_t* weight = a.weight + n * a.in;
  const std::int64_t whole = a.in - a.in % 32;
  for (std::int64_t k = 0; k < whole; k += 32) {
    __m512bh x[M];
    for (int m = 0; m < M; ++m) x[m] = (__m512bh)_mm512_loadu_si512(a.x + m * a.in + k);
    for (int r = 0; r < R; ++r) {
      const std::uint16_t* row = weight + r * a.in + k;
      // The same place of the next block: rows are longer than what processors fetch ahead by
      // themselves.
      _mm_prefetch(reinterpret_cast<const char*>(row + R * a.in), _MM_HINT_T1);
      const __m512bh w = (__m512bh)_mm512_loadu_si512(row);
      for (int m = 0; m < M; ++m) sum[m][r] = _mm512_dpbf16_ps(sum[m][r], w, x[m]);
    }
  }
  if (whole < a.in) {
    const auto lanes = static_cast<__mmask32>((1u << (a.in - whole)) - 1u);
    for (int r = 0; r < R; ++r) {
      const __m512bh w = (__m512bh)_mm512_maskz_loadu_epi16(lanes, weight + r * a.in + whole);
      for (int m = 0; m < M; ++m) {
        const __m512bh x = (__m512bh)_mm512_maskz_loadu_epi16(lanes, a.x + m * a.in + whole);
        sum[m][r] = _mm512_dpbf16_ps(sum[m][r], w, x);
      }
    }
  }
  for (int m = 0; m < M; ++m) {
    for (int r = 0; r < R; ++r) {
      const float bias = a.bias == nullptr ? 0.0f : a.bias[n + r];
      a.y[m * a.out + n + r] = to_bf16(_mm512_reduce_add_ps(sum[m][r]) + bias);
    }
  }
}

template <int M>
void separate_rows(const Bf16LinearArguments& a, std::int64_t first, std::int64_t last) {
  constexpr int kTogether = M <= 4 ? 4 : 2;  // keeps the sums within the 32 registers
  std::int64_t n = first;
  for (; n + kTogether <= last; n += kTogether) separate_block<M, kTogether>(a, n);
  for (; n < last; ++n) separate_block<M, 1>(a, n);
}

void separate(const Bf16LinearArguments& a, std::int64_t first, std::int64_t last) {
  switch (a.rows) {
    case 1: return separate_rows<1>(a, first, last);
    case 2: return separate_rows<2>(a, first, last);
    case 3: return separate_rows<3>(a, first, last);
    case 4: return separate_rows<4>(a, first, last);
    case 5: return separate_rows<5>(a, first, last);
    case 6: return separate_rows<6>(a, first, last);
    case 7: return separate_rows<7>(a, first, last);
    default: return separate_rows<8>(a, first, last);
  }
}

// Outputs n .. n + R - 1 of G groups of rows that begin at row `begin`, each lane a row: every
// weight pair meets all of them.
template <int G, int R>
LUMINA_AVX512_BF16 void column_block(const Bf16LinearArguments& a, std::int64_t begin,
                                     std::int64_t n) {
  __m512 sum[R][G];
  for (int r = 0; r < R; ++r) {
    const __m512 bias = _mm512_set1_ps(a.bias == nullptr ? 0.0f : a.bias[n + r]);
    for (int g = 0; g < G; ++g) sum[r][g] = bias;
  }
  const std::int64_t stride = groups(a.rows) * kGroup * 2;
  const std::uint16_t* x = a.columns + begin * 2;
  const std::uint16_t* weight = a.weight + n * a.in;
  for (std::int64_t k = 0; k + 1 < a.in; k += 2, x += stride) {
    __m512bh rows[G];
    for (int g = 0; g < G; ++g) rows[g] = (__m512bh)_mm512_loadu_si512(x + g * kGroup * 2);
    for (int r = 0; r < R; ++r) {
      std::int32_t pair;
      std::memcpy(&pair, weight + r * a.in + k, sizeof pair);
      const __m512bh w = (__m512bh)_mm512_set1_epi32(pair);
      for (int g = 0; g < G; ++g) sum[r][g] = _mm512_dpbf16_ps(sum[r][g], rows[g], w);
    }
  }
  if (a.in % 2 != 0) {
    for (int r = 0; r < R; ++r) {
      const __m512bh w = (__m512bh)_mm512_set1_epi32(weight[r * a.in + a.in - 1]);
      for (int g = 0; g < G; ++g) {
        const __m512bh rows = (__m512bh)_mm512_loadu_si512(x + g * kGroup * 2);
        sum[r][g] = _mm512_dpbf16_ps(sum[r][g], rows, w);
      }
    }
  }

  alignas(32) std::uint16_t rounded[R][G * kGroup];
  for (int r = 0; r < R; ++r) {
    for (int g = 0; g < G; ++g) {
      _mm256_store_si256(reinterpret_cast<__m256i*>(rounded[r] + g * kGroup), narrow(sum[r][g]));
    }
  }
  const std::int64_t count = std::min<std::int64_t>(G * kGroup, a.rows - begin);
  std::uint16_t* y = a.y + begin * a.out + n;
  if constexpr (R == 8) {
    write_eight_outputs(rounded[0], G * kGroup, count, y, a.out);
  } else {
    for (std::int64_t m = 0; m < count; ++m) {
      for (int r = 0; r < R; ++r) y[m * a.out + r] = rounded[r][m];
    }
  }
}

template <int R>
void column_groups(const Bf16LinearArguments& a, std::int64_t n) {
  switch (groups(a.rows)) {
    case 1: return column_block<1, R>(a, 0, n);
    case 2: return column_block<2, R>(a, 0, n);
    case 3: return column_block<3, R>(a, 0, n);
    default:  // the sums of four would not fit into the registers; the weights are near by then
      column_block<2, R>(a, 0, n);
      return column_block<2, R>(a, 2 * kGroup, n);
  }
}

}  // namespace

void arrange(const std::uint16_t* x, std::int64_t rows, std::int64_t in, std::uint16_t* columns) {
  const std::int64_t stride = groups(rows) * kGroup * 2;
  for (std::int64_t m = 0; m < rows; m += kGroup) {
    for (std::int64_t pair = 0; pair < pairs(in); pair += kGroup) {
      arrange_block(x + m * in, rows - m, in, pair, columns + pair * stride + m * 2, stride);
    }
  }
}

void linear_bf16(const Bf16LinearArguments& a, std::int64_t first, std::int64_t last) {
  if (a.rows < 1 || a.rows > kMaxBf16Rows) {
    throw Error(ErrorCode::kInternal, "linear kernel: rows beyond kMaxBf16Rows");
  }
  if (!needs_arranging(a.rows)) return separate(a, first, last);
  static_assert(kBf16Outputs % 8 == 0);
  std::int64_t n = isa() >= Isa::kAmxBf16 ? linear_amx(a, first, last) : first;
  for (; n + 8 <= last; n += 8) column_groups<8>(a, n);
  for (; n < last; ++n) column_groups<1>(a, n);
}

#else

void arrange(const std::uint16_t*, std::int64_t, std::int64_t, std::uint16_t*) {
  throw Error(ErrorCode::kInternal, "this processor family has no such kernel");
}

void linear_bf16(const Bf16LinearArguments&, std::int64_t, std::int64_t) {
  throw Error(ErrorCode::kInternal, "this processor family has no such kernel");
}

#endif

}  // namespace lumina::kernels
