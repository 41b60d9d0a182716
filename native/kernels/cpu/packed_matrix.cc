#include "packed_matrix.h"

#include <algorithm>
#include <cstring>

#include "element.h"

namespace lumina::kernels {
namespace {

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

// Two bytes with four codes -> one code in the lower half of each of four bytes.
std::uint32_t spread(std::uint32_t two) {
  return (two >> 4 & 15) | (two & 15) << 8 | (two >> 12 & 15) << 16 | (two >> 8 & 15) << 24;
}

void pack_int4(const PackedLayout& layout, const PlainCodes& plain, std::uint8_t* strip) {
  const std::int64_t width = (layout.in + 1) / 2;
  for (int n = 0; n < plain.outputs; ++n) {
    const auto* codes = static_cast<const std::uint8_t*>(plain.codes) + n * width;
    for (std::int64_t g = 0; g < layout.groups(); ++g) {
      std::uint8_t* block = strip + g * layout.block_bytes();
      const std::int64_t first = g * layout.group / 2;
      const std::int64_t count = std::min(layout.group / 2, width - first);  // bytes
      for (std::int64_t i = 0; i < count; i += 4) {
        std::uint8_t eight[4] = {};
        std::memcpy(eight, codes + first + i, std::min<std::int64_t>(4, count - i));
        const std::uint32_t word =
            spread(eight[0] | eight[1] << 8) | spread(eight[2] | eight[3] << 8) << 4;
        std::memcpy(block + i * 32 + 4 * n, &word, sizeof word);
      }
      std::uint8_t* scales = block + layout.group * kStrip / 2;
      std::memcpy(scales + 2 * n, plain.scale + n * layout.groups() + g, 2);
      std::memcpy(scales + 2 * (kStrip + n), plain.zero + n * layout.groups() + g, 2);
    }
  }
}

void pack_int8(const PackedLayout& layout, const PlainCodes& plain, std::uint8_t* strip) {
  for (int n = 0; n < plain.outputs; ++n) {
    const auto* codes = static_cast<const std::uint8_t*>(plain.codes) + n * layout.in;
    for (std::int64_t k = 0; k < layout.in; k += 4) {
      std::uint8_t four[4] = {};
      const std::int64_t count = std::min<std::int64_t>(4, layout.in - k);
      for (std::int64_t i = 0; i < count; ++i) four[i] = codes[k + i] ^ 0x80;
      // Groups follow each other without a gap.
      std::memcpy(strip + k / 4 * 128 + 4 * n, four, sizeof four);
    }
  }
  std::memcpy(strip + layout.groups() * layout.block_bytes(), plain.channel_scale,
              4 * plain.outputs);
}

}  // namespace

void pack_strip(const PackedLayout& layout, const PlainCodes& plain, std::uint8_t* strip) {
  std::memset(strip, 0, layout.strip_bytes());
  if (layout.codes == Codes::kInt4) return pack_int4(layout, plain, strip);
  pack_int8(layout, plain, strip);
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
      scale = to_float(bits[0]);
      zero = to_float(bits[1]);
    }
    const Place at = place(layout.codes, k % layout.group, output);
    const int code = block[at.byte] >> at.shift & (layout.codes == Codes::kInt4 ? 15 : 255);
    values[k] = static_cast<float>(code - layout.middle()) * scale + zero;
  }
}

}  // namespace lumina::kernels
