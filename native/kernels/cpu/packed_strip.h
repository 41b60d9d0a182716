// The inner loops behind packed_product.h, one set per kind of processor. Each adds the products of
// one strip to sums [x.rows, kStrip], which begin as zeros and are aligned to 64 bytes.
#pragma once

#include "packed_product.h"

namespace lumina::kernels {

struct StripArguments {
  const PackedLayout* layout = nullptr;
  const std::uint8_t* strip = nullptr;
  const Activations* x = nullptr;
  float* sums = nullptr;
};

void strip_portable(const StripArguments& arguments);
void strip_avx2(const StripArguments& arguments);         // isa() >= kAvx2
void strip_avx512(const StripArguments& arguments);       // isa() >= kAvx512, x not rounded
void strip_avx512_vnni(const StripArguments& arguments);  // isa() >= kAvx512Vnni, x rounded

// How a strip's rows are cut so that no piece has more than `most`, none much less than another.
struct RowBlock {
  std::int64_t first;
  int count;
};

inline std::int64_t row_blocks(std::int64_t rows, int most) { return (rows + most - 1) / most; }
inline RowBlock row_block(std::int64_t rows, int most, std::int64_t index) {
  const std::int64_t blocks = row_blocks(rows, most);
  const std::int64_t first = rows * index / blocks;
  return {first, static_cast<int>(rows * (index + 1) / blocks - first)};
}

}  // namespace lumina::kernels
