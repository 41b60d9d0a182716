// The weight of a linear layer, however it is stored.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace lumina::quant {

class Weight;

// A product that several may be asked for at once: outputs first .. first + count - 1 of `weight`.
struct Factor {
  const Weight* weight = nullptr;
  at::Tensor bias;  // [count] or undefined
  std::int64_t first = 0;
  std::int64_t count = 0;
};

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

// What product() gives for each of `factors`, number for number. Weights that are stored alike
// share what precedes the sums: x is rounded or arranged once, and the threads start once.
std::vector<at::Tensor> products(const at::Tensor& x, const std::vector<Factor>& factors);

}  // namespace lumina::quant
