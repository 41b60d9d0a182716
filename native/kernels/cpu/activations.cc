#include "activations.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "avx512.h"
#include "element.h"
#include "isa.h"

namespace lumina::kernels {
namespace {

constexpr std::int32_t kMagnitude = 0x7FFFFFFF;  // of a float's bits, without the sign
constexpr std::int32_t kNotFinite = 0x7F800000;  // bits of infinity; NaN is beyond

// How a group whose largest magnitude has these bits is rounded: code = round(value * factor),
// value = code * scale.
struct Rounding {
  explicit Rounding(std::int32_t most_bits) {
    float most;
    std::memcpy(&most, &most_bits, sizeof most);
    finite = most_bits < kNotFinite;
    // What has no finite reciprocal counts as 0.
    const bool zero = most < 128.0f * std::numeric_limits<float>::min();
    factor = finite && !zero ? 127.0f / most : 0.0f;
    scale = !finite ? std::numeric_limits<float>::quiet_NaN() : zero ? 0.0f : most / 127.0f;
  }
  bool finite;
  float factor;
  float scale;
};

// One row of a group: x [count], fp32 or bf16, and `step` bytes from four codes to the next four.
template <typename T>
struct Group {
  const T* x;
  std::int64_t count;
  std::int64_t padded;
  std::int8_t* codes;
  std::int64_t step;
  float* scale;
  std::int32_t* code_sum;
};

template <typename T>
void round_group(const Group<T>& a) {
  std::int32_t most = 0;  // floats of one sign are in the order of their bits, NaN last
  for (std::int64_t k = 0; k < a.count; ++k) {
    const float value = to_float(a.x[k]);
    std::int32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    most = std::max(most, bits & kMagnitude);
  }
  const Rounding rounding(most);
  std::int32_t sum = 0;
  for (std::int64_t k = 0; k < a.padded; ++k) {
    const bool counts = rounding.finite && k < a.count;
    const float code = counts ? std::nearbyint(to_float(a.x[k]) * rounding.factor) : 0.0f;
    a.codes[k / 4 * a.step + k % 4] = static_cast<std::int8_t>(code);
    sum += static_cast<std::int32_t>(code);
  }
  *a.scale = rounding.scale;
  *a.code_sum = sum;
}

#ifdef LUMINA_HAS_AVX512_CODE
// Writes whole vectors: `padded` must be a multiple of 16.
template <typename T>
LUMINA_AVX512 void round_group_avx512(const Group<T>& a) {
  const auto lanes = [&](std::int64_t k) {
    return first_lanes(static_cast<int>(std::clamp<std::int64_t>(a.count - k, 0, kLanes)));
  };
  const __m512i magnitude = _mm512_set1_epi32(kMagnitude);
  __m512i most = _mm512_setzero_si512();
  for (std::int64_t k = 0; k < a.count; k += kLanes) {
    const __m512i bits = _mm512_castps_si512(load(a.x + k, lanes(k)));
    most = _mm512_max_epi32(most, _mm512_and_si512(bits, magnitude));
  }
  const Rounding rounding(_mm512_reduce_max_epi32(most));
  const __m512 factor = _mm512_set1_ps(rounding.factor);
  __m512i sum = _mm512_setzero_si512();
  for (std::int64_t k = 0; k < a.padded; k += kLanes) {
    const __mmask16 counted = rounding.finite ? lanes(k) : static_cast<__mmask16>(0);
    const __m512i codes = _mm512_cvtps_epi32(_mm512_mul_ps(load(a.x + k, counted), factor));
    sum = _mm512_add_epi32(sum, codes);
    const __m128i bytes = _mm512_cvtepi32_epi8(codes);
    std::int8_t* to = a.codes + k / 4 * a.step;
    _mm_storeu_si32(to, bytes);
    _mm_storeu_si32(to + a.step, _mm_srli_si128(bytes, 4));
    _mm_storeu_si32(to + 2 * a.step, _mm_srli_si128(bytes, 8));
    _mm_storeu_si32(to + 3 * a.step, _mm_srli_si128(bytes, 12));
  }
  *a.scale = rounding.scale;
  *a.code_sum = _mm512_reduce_add_epi32(sum);
}
#endif

template <typename T>
void round_row(const Group<T>& a) {
#ifdef LUMINA_HAS_AVX512_CODE
  if (isa() >= Isa::kAvx512 && a.padded % kLanes == 0) return round_group_avx512(a);
#endif
  round_group(a);
}

template <typename T>
void round_all(const T* x, std::int64_t in, Activations& to) {
  const std::int64_t rows = to.rows;
  for (std::int64_t first = 0, g = 0; first < in; first += to.group, ++g) {
    const std::int64_t count = std::min(to.group, in - first);
    for (std::int64_t m = 0; m < rows; ++m) {
      const std::int64_t at = g * rows + m;
      round_row<T>({x + m * in + first, count, to.group,
                    to.codes.data() + (g * to.group / 4 * rows + m) * 4, 4 * rows, &to.scale[at],
                    &to.code_sum[at]});
      to.sum[at] = to.scale[at] * static_cast<float>(to.code_sum[at]);
    }
  }
}

template <typename T>
void copy_all(const T* x, std::int64_t in, Activations& to) {
  for (std::int64_t first = 0, g = 0; first < in; first += to.group, ++g) {
    const std::int64_t count = std::min(to.group, in - first);
    for (std::int64_t m = 0; m < to.rows; ++m) {
      float* values = to.values.data() + g * to.group * to.rows + m;
      float sum = 0.0f;
      for (std::int64_t k = 0; k < to.group; ++k) {
        const float value = k < count ? to_float(x[m * in + first + k]) : 0.0f;
        values[k * to.rows] = value;
        sum += value;
      }
      to.sum[g * to.rows + m] = sum;
    }
  }
}

template <typename T>
void prepare_any(const T* x, std::int64_t rows, const PackedLayout& layout, bool rounded,
                 Activations& to) {
  to.rounded = rounded;
  to.rows = rows;
  to.group = layout.group;
  const std::size_t groups = layout.groups() * rows;
  to.sum.resize(groups);
  if (!rounded) {
    to.values.resize(groups * layout.group);
    return copy_all(x, layout.in, to);
  }
  to.codes.resize(groups * layout.group);
  to.scale.resize(groups);
  to.code_sum.resize(groups);
  round_all(x, layout.in, to);
}

template <typename T>
void round_any(const T* x, std::int64_t count, std::int8_t* codes, float* scale) {
  std::int32_t code_sum;
  round_row<T>({x, count, count, codes, 4, scale, &code_sum});
}

}  // namespace

void prepare(const float* x, std::int64_t rows, const PackedLayout& layout, bool rounded,
             Activations& to) {
  prepare_any(x, rows, layout, rounded, to);
}
void prepare(const std::uint16_t* x, std::int64_t rows, const PackedLayout& layout, bool rounded,
             Activations& to) {
  prepare_any(x, rows, layout, rounded, to);
}

void round_numbers(const float* x, std::int64_t count, std::int8_t* codes, float* scale) {
  round_any(x, count, codes, scale);
}
void round_numbers(const std::uint16_t* x, std::int64_t count, std::int8_t* codes, float* scale) {
  round_any(x, count, codes, scale);
}

}  // namespace lumina::kernels
