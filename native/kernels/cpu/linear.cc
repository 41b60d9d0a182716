#include "linear.h"

#include "avx512.h"
#include "lumina/status.h"

namespace lumina::kernels {

#ifdef LUMINA_HAS_AVX512_CODE
namespace {

// Rows of x and rows of the weight that are in registers together: M * R sums, each a vector of 16
// partial sums. Every weight is loaded once and meets all rows of x.
template <int M, int R, typename W>
LUMINA_AVX512 void block(const LinearArguments& a, const W* weight, std::int64_t n) {
  __m512 sum[M][R];
  for (int m = 0; m < M; ++m) {
    for (int r = 0; r < R; ++r) sum[m][r] = _mm512_setzero_ps();
  }
  const std::int64_t whole = a.in - a.in % kLanes;
  for (std::int64_t k = 0; k < whole; k += kLanes) {
    __m512 x[M];
    for (int m = 0; m < M; ++m) x[m] = load(a.x + m * a.in + k);
    for (int r = 0; r < R; ++r) {
      const W* row = weight + (n + r) * a.in + k;
      // The same place of the next block: rows are longer than what processors fetch ahead by
      // themselves.
      _mm_prefetch(reinterpret_cast<const char*>(row + R * a.in), _MM_HINT_T1);
      const __m512 w = load(row);
      for (int m = 0; m < M; ++m) sum[m][r] = _mm512_fmadd_ps(w, x[m], sum[m][r]);
    }
  }
  if (whole < a.in) {
    const __mmask16 lanes = first_lanes(static_cast<int>(a.in - whole));
    for (int r = 0; r < R; ++r) {
      const __m512 w = load(weight + (n + r) * a.in + whole, lanes);
      for (int m = 0; m < M; ++m) {
        sum[m][r] = _mm512_fmadd_ps(w, load(a.x + m * a.in + whole, lanes), sum[m][r]);
      }
    }
  }
  for (int m = 0; m < M; ++m) {
    for (int r = 0; r < R; ++r) {
      const float bias = a.bias == nullptr ? 0.0f : a.bias[n + r];
      a.y[m * a.out + n + r] = _mm512_reduce_add_ps(sum[m][r]) + bias;
    }
  }
}

template <int M, typename W>
LUMINA_AVX512 void rows(const LinearArguments& a, std::int64_t first, std::int64_t last) {
  constexpr int kTogether = M <= 4 ? 4 : 2;  // keeps the sums within the 32 registers
  const W* weight = static_cast<const W*>(a.weight);
  std::int64_t n = first;
  for (; n + kTogether <= last; n += kTogether) block<M, kTogether, W>(a, weight, n);
  for (; n < last; ++n) block<M, 1, W>(a, weight, n);
}

template <typename W>
void dispatch(const LinearArguments& a, std::int64_t first, std::int64_t last) {
  switch (a.rows) {
    case 1: return rows<1, W>(a, first, last);
    case 2: return rows<2, W>(a, first, last);
    case 3: return rows<3, W>(a, first, last);
    case 4: return rows<4, W>(a, first, last);
    case 5: return rows<5, W>(a, first, last);
    case 6: return rows<6, W>(a, first, last);
    case 7: return rows<7, W>(a, first, last);
    case 8: return rows<8, W>(a, first, last);
    default: throw Error(ErrorCode::kInternal, "linear kernel: rows beyond kMaxLinearRows");
  }
}

}  // namespace

void linear(const LinearArguments& a, std::int64_t first, std::int64_t last) {
  if (a.element == Element::kBFloat16) {
    dispatch<std::uint16_t>(a, first, last);
  } else {
    dispatch<float>(a, first, last);
  }
}

#else

void linear(const LinearArguments&, std::int64_t, std::int64_t) {
  throw Error(ErrorCode::kInternal, "this processor family has no such kernel");
}

#endif

}  // namespace lumina::kernels
