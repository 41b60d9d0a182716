// The inputs of a product with a packed weight. Two kinds: rounded to 8 bits per group of inputs,
// so that the products are sums of integers; or fp32 as they are.
#pragma once

#include <cstdint>
#include <vector>

#include "packed_matrix.h"

namespace lumina::kernels {

// In the order in which the products read them; inputs beyond `in` are 0.
struct Activations {
  bool rounded = false;
  std::int64_t rows = 0;
  std::int64_t group = 0;
  std::vector<std::int8_t> codes;      // rounded: [groups, group / 4, rows, 4], -127 .. 127
  std::vector<float> scale;            // rounded: [groups, rows]
  std::vector<std::int32_t> code_sum;  // rounded: [groups, rows], sum of the codes
  std::vector<float> values;           // else: [groups, group, rows]
  std::vector<float> sum;              // [groups, rows], of what the codes or values stand for
};

// From x [rows, in], dense, fp32 or bf16. Rounding a group that holds NaN or infinity makes all
// outputs of its row NaN.
void prepare(const float* x, std::int64_t rows, const PackedLayout& layout, bool rounded,
             Activations& activations);
void prepare(const std::uint16_t* x, std::int64_t rows, const PackedLayout& layout, bool rounded,
             Activations& activations);

// The same rounding of `count` numbers alone: to the nearest code -127 .. 127, scale the largest
// magnitude over 127. NaN or infinity among them: all codes 0, the scale NaN.
void round_numbers(const float* x, std::int64_t count, std::int8_t* codes, float* scale);
void round_numbers(const std::uint16_t* x, std::int64_t count, std::int8_t* codes, float* scale);

}  // namespace lumina::kernels
