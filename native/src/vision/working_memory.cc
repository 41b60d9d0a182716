#include "vision/working_memory.h"

#include <algorithm>

#include "kernels/cpu/isa.h"

namespace lumina::vision {
namespace {

constexpr std::int64_t kWideSize = 4;  // float32: maps, attention, distances
// As in attention.h, quantizer.h, winograd.h and banded_convolution.h, which include tensors and
// this file does not.
constexpr std::int64_t kQueryBlock = 512;
constexpr std::int64_t kDistanceRows = 1024;
constexpr std::int64_t kWinogradNumbers = std::int64_t{1} << 22;
constexpr std::int64_t kBandNumbers = std::int64_t{1} << 18;
constexpr std::int64_t kLeastBandRows = 4;

// Values alive at once in a residual block: what it reads, the skip and one half-way result; or the
// skip and both sides of the second convolution.
std::int64_t residual_values(std::int64_t in, std::int64_t out, std::int64_t pixels) {
  return (in == out ? 3 * out : std::max(in + 2 * out, 3 * out)) * pixels;
}

// Input, normalised input, q, k, v, their wide copies and the result, and two blocks of logits.
std::int64_t attention_bytes(std::int64_t width, std::int64_t pixels, std::int64_t element_size) {
  return width * pixels * (5 * element_size + 4 * kWideSize) +
         2 * std::min(kQueryBlock, pixels) * pixels * kWideSize;
}

// Of the decoder's 3x3 convolutions in float32: transformed weights and tiles, of which a narrow
// network has none. In bf16, where the processor has no products of it: wide weights and bands of
// rows, the input of which is there twice while its border of zeros is added.
std::int64_t filtering_bytes(std::int64_t in, std::int64_t out, std::int64_t across,
                             std::int64_t element_size) {
  constexpr std::int64_t kLeastChannels = 64;
  if (element_size < kWideSize) {
    if (kernels::isa() >= kernels::Isa::kAvx512) return 0;
    const std::int64_t row = (in + out) * across;
    const std::int64_t band = std::max(kBandNumbers, kLeastBandRows * row);
    return (9 * in * out + band + 2 * in * across) * kWideSize;
  }
  if (in < kLeastChannels || out < kLeastChannels) return 0;
  return (16 * in * out + kWinogradNumbers) * kWideSize;
}

std::int64_t with_margin(std::int64_t bytes) {
  return bytes + bytes / 20 + (std::int64_t{1} << 20);
}

}  // namespace

std::int64_t decode_working_bytes(const MovqganConfig& config, std::int64_t rows,
                                  std::int64_t columns, std::int64_t element_size) {
  const std::int64_t cells = rows * columns;
  std::int64_t width = config.level_channels(config.num_levels() - 1);
  std::int64_t pixels = cells, across = columns;
  std::int64_t peak = attention_bytes(width, pixels, element_size);
  for (std::size_t i = config.num_levels(); i-- > 0;) {
    const std::int64_t out = config.level_channels(i);
    // Four maps of modulation on the latent grid accompany every norm.
    const std::int64_t maps = 4 * std::max(width, out) * cells * kWideSize;
    const std::int64_t filtering = filtering_bytes(width, out, across, element_size);
    peak = std::max(peak, residual_values(width, out, pixels) * element_size + maps + filtering);
    if (config.attention[i])
      peak = std::max(peak, attention_bytes(out, pixels, element_size) + maps);
    if (i > 0) {
      pixels *= 4;  // enlarged and convolved
      across *= 2;
      peak = std::max(
          peak, 2 * out * pixels * element_size + filtering_bytes(out, out, across, element_size));
    }
    width = out;
  }
  return with_margin(peak);
}

std::int64_t encode_working_bytes(const MovqganConfig& config, std::int64_t rows,
                                  std::int64_t columns, std::int64_t element_size) {
  const std::int64_t cells = rows * columns;
  std::int64_t pixels = cells * config.downsampling() * config.downsampling();
  std::int64_t width = config.channels;
  std::int64_t peak = 2 * std::min(kDistanceRows, cells) * config.codebook_size * kWideSize;
  for (std::size_t i = 0; i < config.num_levels(); ++i) {
    const std::int64_t out = config.level_channels(i);
    peak = std::max(peak, residual_values(width, out, pixels) * element_size);
    if (config.attention[i]) peak = std::max(peak, attention_bytes(out, pixels, element_size));
    width = out;
    if (i + 1 < config.num_levels()) pixels /= 4;
  }
  return with_margin(std::max(peak, attention_bytes(width, cells, element_size)));
}

}  // namespace lumina::vision
