// Arithmetic on shapes; where they come from a file, so that nothing overflows.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace lumina::checkpoint {

constexpr std::size_t kMaxRank = 32;  // dimensions of a tensor

// Number of elements of a shape that is known to be sound.
inline std::int64_t numel(const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  for (const auto extent : shape) count *= extent;
  return count;
}

// The same for any shape: nothing if an extent is negative, or the product of the non-zero extents
// (on which strides rest) does not fit.
inline std::optional<std::int64_t> checked_numel(const std::vector<std::int64_t>& shape) {
  std::int64_t product = 1;
  bool empty = false;
  for (const auto extent : shape) {
    if (extent < 0) return std::nullopt;
    if (extent == 0) {
      empty = true;
    } else if (__builtin_mul_overflow(product, extent, &product)) {
      return std::nullopt;
    }
  }
  return empty ? 0 : product;
}

// Strides, in elements, of a row-major tensor.
inline std::vector<std::int64_t> row_major_strides(const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  for (std::size_t d = shape.size(); d-- > 1;) {
    strides[d - 1] = strides[d] * (shape[d] == 0 ? 1 : shape[d]);
  }
  return strides;
}

}  // namespace lumina::checkpoint
