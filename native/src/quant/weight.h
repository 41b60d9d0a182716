// The weight of a linear layer, however it is stored.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>

namespace lumina::quant {

// Immutable; may be used from several threads.
class Weight {
 public:
  virtual ~Weight() = default;

  // x [.., in] -> x Wᵀ + bias [.., count] for outputs first .. first + count - 1, in x's element
  // type, summed in fp32. bias: [count] or undefined.
  virtual at::Tensor product(const at::Tensor& x, const at::Tensor& bias, std::int64_t first,
                             std::int64_t count) const = 0;

  virtual std::int64_t in_features() const = 0;
  virtual std::int64_t out_features() const = 0;
};

}  // namespace lumina::quant
