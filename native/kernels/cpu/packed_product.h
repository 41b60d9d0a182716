// Products with a packed weight, for any number of rows.
#pragma once

#include <cstdint>

#include "activations.h"
#include "element.h"
#include "packed_matrix.h"

namespace lumina::kernels {

struct ProductArguments {
  PackedLayout layout;
  const std::uint8_t* weight = nullptr;  // all strips, aligned to 64 bytes
  const Activations* x = nullptr;        // for this layout
  std::int64_t first = 0;                // outputs first .. last - 1 are wanted
  std::int64_t last = 0;
  const float* bias = nullptr;          // [last - first] or null
  void* y = nullptr;                    // [rows, last - first], dense
  Element element = Element::kFloat32;  // of y: fp32, or bf16 to which the sums are rounded
};

// y = x Wᵀ + bias for the wanted outputs of strips first_strip .. last_strip - 1, on the calling
// thread. Strips are independent, so that threads may share a layer.
void multiply(const ProductArguments& arguments, std::int64_t first_strip, std::int64_t last_strip);

}  // namespace lumina::kernels
