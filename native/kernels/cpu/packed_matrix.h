// The weight of a linear layer as codes of 4 or 8 bits, in the order in which the products read it:
// one stream of blocks, each with its own scales, the same for every processor.
#pragma once

#include <cstdint>

namespace lumina::kernels {

enum class Codes {
  kInt4,  // weight = (code - 8) * scale + zero, code 0..15; scale and zero per output and group
  kInt8,  // weight = (code - 128) * scale, code 1..255; scale per output
};

// Outputs whose weights lie side by side: two registers of sixteen 32-bit lanes, a lane each.
inline constexpr int kStrip = 32;

// A strip is kStrip outputs with all inputs: a row of blocks, one per group of inputs. What is
// missing to whole strips and groups is filled with zeros.
//
// Block, int4: for every 8 inputs k.. 128 bytes: byte 4 n + i holds input k + i of output n in its
//   lower half and input k + 4 + i in its upper; then scales [kStrip] and zeros [kStrip], bf16.
// Block, int8: for every 4 inputs k.. 128 bytes: byte 4 n + i holds input k + i of output n. At the
//   end of the strip: scales [kStrip], fp32.
struct PackedLayout {
  Codes codes = Codes::kInt4;
  std::int64_t out = 0;
  std::int64_t in = 0;
  std::int64_t group = 128;  // inputs: 32, 64 or 128; of int8, only what activations share: 128

  std::int64_t groups() const { return (in + group - 1) / group; }
  std::int64_t strips() const { return (out + kStrip - 1) / kStrip; }
  std::int64_t block_bytes() const {
    return codes == Codes::kInt4 ? group * kStrip / 2 + 4 * kStrip : group * kStrip;
  }
  std::int64_t strip_bytes() const {
    return groups() * block_bytes() + (codes == Codes::kInt8 ? 4 * kStrip : 0);
  }
  std::int64_t bytes() const { return strips() * strip_bytes(); }
  int middle() const { return codes == Codes::kInt4 ? 8 : 128; }  // the code of zero offset
};

// Quantised outputs in plain order, as files hold them; one strip at most.
struct PlainCodes {
  std::int64_t outputs = 0;
  // int4: [outputs, (in + 1) / 2], two codes a byte, the first in the upper half.
  // int8: [outputs, in], signed: the code less 128.
  const void* codes = nullptr;
  const std::uint16_t* scale = nullptr;  // int4: [outputs, groups] bf16
  const std::uint16_t* zero = nullptr;   // int4: [outputs, groups] bf16
  const float* channel_scale = nullptr;  // int8: [outputs]
};

// Writes one strip of `layout`, strip_bytes() long and aligned to 64 bytes, with zeros where
// `plain` ends.
void pack_strip(const PackedLayout& layout, const PlainCodes& plain, std::uint8_t* strip);

// The weights of one output of a strip: values [in].
void unpack_output(const PackedLayout& layout, const std::uint8_t* strip, int output,
                   float* values);

}  // namespace lumina::kernels
