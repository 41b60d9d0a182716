#include "packed_matrix.h"

#include <algorithm>
#include <array>
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

// A register's worth: four bytes of each output.
using Words = std::array<std::uint32_t, kStrip>;

// Bytes first .. first + 3 of the rows of `width` bytes, zeros behind their end. Reading all
// outputs together keeps what is written in one stream, and what is read in the fastest cache.
Words read_words(const void* rows, std::int64_t outputs, std::int64_t width, std::int64_t first) {
  Words words{};
  const auto* from = static_cast<const std::uint8_t*>(rows) + first;
  const std::size_t count = std::min<std::int64_t>(4, width - first);
  if (count == 4) {  // a length that the compiler knows
    for (std::int64_t n = 0; n < outputs; ++n) std::memcpy(&words[n], from + n * width, 4);
  } else {
    for (std::int64_t n = 0; n < outputs; ++n) std::memcpy(&words[n], from + n * width, count);
  }
  return words;
}

// Two bytes with four codes -> one code in the lower half of each of four bytes.
std::uint32_t spread(std::uint32_t two) {
  return (two >> 4 & 15) | (two & 15) << 8 | (two >> 12 & 15) << 16 | (two >> 8 & 15) << 24;
}

void pack_int4(const PackedLayout& layout, const PlainCodes& plain, std::uint8_t* strip) {
  const std::int64_t width = (layout.in + 1) / 2;
  for (std::int64_t g = 0; g < layout.groups(); ++g) {
    std::uint8_t* block = strip + g * layout.block_bytes();
    const std::int64_t first = g * layout.group / 2;
    const std::int64_t count = std::min(layout.group / 2, width - first);  // bytes
    for (std::int64_t i = 0; i < count; i += 4) {
      Words words = read_words(plain.codes, plain.outputs, width, first + i);
      for (std::uint32_t& word : words) word = spread(word & 0xffff) | spread(word >> 16) << 4;
      std::memcpy(block + i * kStrip, words.data(), sizeof words);
    }
    auto* scales = reinterpret_cast<std::uint16_t*>(block + layout.group * kStrip / 2);
    for (std::int64_t n = 0; n < plain.outputs; ++n) {
      scales[n] = plain.scale[n * layout.groups() + g];
      scales[kStrip + n] = plain.zero[n * layout.groups() + g];
    }
  }
}

void pack_int8(const PackedLayout& layout, const PlainCodes& plain, std::uint8_t* strip) {
  for (std::int64_t k = 0; k < layout.in; k += 4) {
    Words words = read_words(plain.codes, plain.outputs, layout.in, k);
    const std::int64_t missing = std::max<std::int64_t>(0, k + 4 - layout.in);
    const std::uint32_t middle = 0x80808080u >> 8 * missing;
    for (std::int64_t n = 0; n < plain.outputs; ++n) words[n] ^= middle;
    // Groups follow each other without a gap.
    std::memcpy(strip + k * kStrip, words.data(), sizeof words);
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
