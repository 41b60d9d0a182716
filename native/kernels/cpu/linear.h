// A linear layer for few rows, bound by the reading of its weights.
#pragma once

#include <cstdint>

#include "element.h"

namespace lumina::kernels {

struct LinearArguments {
  const float* x = nullptr;  // [rows, in], dense
  std::int64_t rows = 0;     // 1 .. kMaxLinearRows
  std::int64_t in = 0;
  const void* weight = nullptr;         // [out, in], dense
  Element element = Element::kFloat32;  // of the weight
  const float* bias = nullptr;          // [out] or null
  float* y = nullptr;                   // [rows, out], dense
  std::int64_t out = 0;
};

// Beyond this many rows a blocked matrix product reads less.
inline constexpr std::int64_t kMaxLinearRows = 8;

// y[m][n] = sum over k of x[m][k] * weight[n][k] + bias[n] for first <= n < last, products and sums
// in fp32. Needs has_avx512(). Throws Error(kInternal) for more rows. Ranges are independent, so
// that threads may share a layer.
void linear(const LinearArguments& arguments, std::int64_t first, std::int64_t last);

}  // namespace lumina::kernels
