// What the kernels compute on, and whether this processor can run them.
#pragma once

#include <cstdint>
#include <cstring>

namespace lumina::kernels {

enum class Element { kFloat32, kBFloat16, kInt8 };

// True if attention.h and linear.h may be used.
bool has_avx512();

// bf16 is the upper half of an fp32.
inline float to_float(float value) { return value; }
inline float to_float(std::uint16_t bf16) {
  const std::uint32_t bits = static_cast<std::uint32_t>(bf16) << 16;
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// The nearest bf16, of two the even one; NaN stays NaN.
inline std::uint16_t to_bf16(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  const std::uint32_t nearest = bits + 0x7FFF + (bits >> 16 & 1);
  return value == value ? static_cast<std::uint16_t>(nearest >> 16) : std::uint16_t{0x7FC0};
}

inline void put(float value, float* to) { *to = value; }
inline void put(float value, std::uint16_t* to) { *to = to_bf16(value); }

}  // namespace lumina::kernels
