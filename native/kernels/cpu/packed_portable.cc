// Plain loops for any processor; the layout is read as packed_matrix.h describes it.
#include <cstring>

#include "element.h"
#include "packed_strip.h"

namespace lumina::kernels {
namespace {

float load_bf16(const std::uint8_t* p) {
  std::uint16_t bits;
  std::memcpy(&bits, p, sizeof bits);
  return to_float(bits);
}

// Codes of input k of a group less their middle, all outputs of the strip.
void codes_of(const PackedLayout& layout, const std::uint8_t* block, std::int64_t k,
              std::int32_t* codes) {
  if (layout.codes == Codes::kInt8) {
    for (int n = 0; n < kStrip; ++n) codes[n] = block[k / 4 * 128 + 4 * n + k % 4] - 128;
    return;
  }
  const int shift = k % 8 < 4 ? 0 : 4;
  for (int n = 0; n < kStrip; ++n) {
    codes[n] = (block[k / 8 * 128 + 4 * n + k % 4] >> shift & 15) - 8;
  }
}

// dot[n] = sum over one group of code * x, whatever x is stored as.
template <typename Number, typename Value>
void dot_group(const PackedLayout& layout, const std::uint8_t* block, const Value& x, Number* dot) {
  std::int32_t codes[kStrip];
  for (int n = 0; n < kStrip; ++n) dot[n] = 0;
  for (std::int64_t k = 0; k < layout.group; ++k) {
    codes_of(layout, block, k, codes);
    const Number value = x(k);
    for (int n = 0; n < kStrip; ++n) dot[n] += static_cast<Number>(codes[n]) * value;
  }
}

void group_sums(const StripArguments& a, std::int64_t g, std::int64_t row, float* sums) {
  const PackedLayout& layout = *a.layout;
  const std::uint8_t* block = a.strip + g * layout.block_bytes();
  const std::int64_t rows = a.x->rows;
  const std::int64_t start = g * layout.group * rows;
  if (!a.x->rounded) {
    dot_group(
        layout, block, [&](std::int64_t k) { return a.x->values[start + k * rows + row]; }, sums);
    return;
  }
  std::int32_t dot[kStrip];
  dot_group(
      layout, block,
      [&](std::int64_t k) {
        return static_cast<std::int32_t>(a.x->codes[start + (k / 4 * rows + row) * 4 + k % 4]);
      },
      dot);
  for (int n = 0; n < kStrip; ++n) {
    sums[n] = a.x->scale[g * rows + row] * static_cast<float>(dot[n]);
  }
}

}  // namespace

void strip_portable(const StripArguments& a) {
  const PackedLayout& layout = *a.layout;
  for (std::int64_t m = 0; m < a.x->rows; ++m) {
    float* total = a.sums + m * kStrip;
    for (std::int64_t g = 0; g < layout.groups(); ++g) {
      float sums[kStrip];
      group_sums(a, g, m, sums);
      const std::uint8_t* scales = a.strip + g * layout.block_bytes() + layout.group * kStrip / 2;
      for (int n = 0; n < kStrip; ++n) {
        if (layout.codes == Codes::kInt8) {
          total[n] += sums[n];
        } else {
          total[n] += load_bf16(scales + 2 * n) * sums[n] +
                      load_bf16(scales + 2 * (kStrip + n)) * a.x->sum[g * a.x->rows + m];
        }
      }
    }
    if (layout.codes == Codes::kInt8) {
      for (int n = 0; n < kStrip; ++n) {
        float scale;
        std::memcpy(&scale, a.strip + layout.groups() * layout.block_bytes() + 4 * n, 4);
        total[n] *= scale;
      }
    }
  }
}

}  // namespace lumina::kernels
