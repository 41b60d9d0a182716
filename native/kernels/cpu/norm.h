// The normalisations of a decode step, computed in fp32 whatever the numbers are stored as.
#pragma once

#include <cstdint>

namespace lumina::kernels {

// y = x / sqrt(mean(x²) + epsilon) * weight, [n] each, fp32 or bf16. The normalised value is
// rounded to that type before it meets the weight.
void rms_norm(const float* x, const float* weight, float epsilon, std::int64_t n, float* y);
void rms_norm(const std::uint16_t* x, const std::uint16_t* weight, float epsilon, std::int64_t n,
              std::uint16_t* y);

// What one head of a query or key meets: T is float, or std::uint16_t for bf16.
template <typename T>
struct HeadPlacement {
  const T* x = nullptr;           // [d]
  const float* weight = nullptr;  // [d]
  const float* bias = nullptr;    // [d]
  const float* cos = nullptr;     // [d / 2]
  const float* sin = nullptr;     // [d / 2]
  std::int64_t d = 0;             // even
  float epsilon = 0.0f;
  T* y = nullptr;  // [d]
};

// y = (x - mean(x)) / sqrt(variance(x) + epsilon) * weight + bias, then turned: the pair of numbers
// i and d / 2 + i by the angle of cos[i] and sin[i]. Rounded once.
void place_head(const HeadPlacement<float>& head);
void place_head(const HeadPlacement<std::uint16_t>& head);

}  // namespace lumina::kernels
