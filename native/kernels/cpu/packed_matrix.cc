#include "packed_matrix.h"

#include <algorithm>
#include <cstring>

namespace lumina::kernels {
namespace {

float widen(std::uint16_t bf16) {
  const std::uint32_t bits = static_cast<std::uint32_t>(bf16) << 16;
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// Where the code of input `k` of a group lies, for output `n` of the strip: byte, and bits to
// shift.
struct Place {
  std::int64_t byte;
  int shift;
};

Place place(Codes codes, std::int64_t k, int n) {
  if (codes == Codes::kInt8) return {k / 4 * 128 + 4 * n + k % 4, 0};
  return {k / 8 * 128 + 4 * n + k % 4, k % 8 < 4 ? 0 : 4};
}

}  // namespace

void pack_strip(const PackedLayout& layout, const PlainCodes& plain, std::uint8_t* strip) {
  std::memset(strip, 0, layout.strip_bytes());
  const std::int64_t scales_at = layout.group * kStrip / 2;  // in a block of int4
  for (std::int64_t g = 0; g < layout.groups(); ++g) {
    std::uint8_t* block = strip + g * layout.block_bytes();
    const std::int64_t first = g * layout.group;
    const std::int64_t count = std::min(layout.group, layout.in - first);
    for (int n = 0; n < plain.outputs; ++n) {
      const std::uint8_t* codes = plain.codes + n * layout.in + first;
      for (std::int64_t k = 0; k < count; ++k) {
        const Place at = place(layout.codes, k, n);
        block[at.byte] = static_cast<std::uint8_t>(block[at.byte] | codes[k] << at.shift);
      }
      if (layout.codes == Codes::kInt4) {
        const std::int64_t from = n * layout.groups() + g;
        std::memcpy(block + scales_at + 2 * n, plain.scale + from, 2);
        std::memcpy(block + scales_at + 2 * (kStrip + n), plain.zero + from, 2);
      }
    }
  }
  if (layout.codes == Codes::kInt8) {
    std::memcpy(strip + layout.groups() * layout.block_bytes(), plain.channel_scale,
                4 * plain.outputs);
  }
}

void unpack_output(const PackedLayout& layout, const std::uint8_t* strip, int output,
                   float* values) {
  float scale = 0.0f;
  float zero = 0.0f;
  if (layout.codes == Codes::kInt8) {
    std::memcpy(&scale, strip + layout.groups() * layout.block_bytes() + 4 * output, sizeof scale);
  }
  for (std::int64_t k = 0; k < layout.in; ++k) {
    const std::uint8_t* block = strip + k / layout.group * layout.block_bytes();
    if (layout.codes == Codes::kInt4) {
      std::uint16_t bits[2];
      std::memcpy(bits, block + layout.group * kStrip / 2 + 2 * output, 2);
      std::memcpy(bits + 1, block + layout.group * kStrip / 2 + 2 * (kStrip + output), 2);
      scale = widen(bits[0]);
      zero = widen(bits[1]);
    }
    const Place at = place(layout.codes, k % layout.group, output);
    const int code = block[at.byte] >> at.shift & (layout.codes == Codes::kInt4 ? 15 : 255);
    values[k] = static_cast<float>(code - layout.middle()) * scale + zero;
  }
}

}  // namespace lumina::kernels
