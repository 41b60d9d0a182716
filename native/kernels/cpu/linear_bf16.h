// A linear layer of bf16 numbers, by the processor's dot product of pairs of them.
#pragma once

#include <cstdint>

namespace lumina::kernels {

// True if linear_bf16() may be used.
bool has_bf16_products();

// Beyond this many rows a blocked matrix product reads less.
inline constexpr std::int64_t kMaxBf16Rows = 64;
// Outputs are computed up to this many at a time: ranges that threads share should begin at
// multiples.
inline constexpr std::int64_t kBf16Outputs = 32;

struct Bf16LinearArguments {
  const std::uint16_t* x = nullptr;        // [rows, in], dense
  const std::uint16_t* columns = nullptr;  // x by arrange(), if needs_arranging(rows); else unused
  std::int64_t rows = 0;                   // 1 .. kMaxBf16Rows
  std::int64_t in = 0;
  const std::uint16_t* weight = nullptr;  // [out, in], dense
  const float* bias = nullptr;            // [out] or null
  std::uint16_t* y = nullptr;             // [rows, out], dense
  std::int64_t out = 0;
};

// Few rows are read as they are; more lie side by side, a lane each, so that no sum has to be
// gathered from lanes.
bool needs_arranging(std::int64_t rows);
std::int64_t arranged_size(std::int64_t rows, std::int64_t in);  // numbers
// x [rows, in] -> for each pair of inputs (the last may lack its second, a zero) the pairs of all
// rows, and zeros to multiples of 16 pairs and 16 rows.
void arrange(const std::uint16_t* x, std::int64_t rows, std::int64_t in, std::uint16_t* columns);

// y[m][n] = sum over k of x[m][k] * weight[n][k] + bias[n] for first <= n < last, summed in fp32,
// rounded to bf16 at the end; the instruction takes subnormal numbers for zero. Needs
// has_bf16_products(). Throws Error(kInternal) for more rows. Ranges are independent, so that
// threads may share a layer.
void linear_bf16(const Bf16LinearArguments& arguments, std::int64_t first, std::int64_t last);

}  // namespace lumina::kernels
