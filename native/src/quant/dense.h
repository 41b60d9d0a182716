// A weight as numbers, fp32 or bf16.
#pragma once

#include <vector>

#include "quant/weight.h"

namespace lumina::quant {

class DenseWeight final : public Weight {
 public:
  explicit DenseWeight(at::Tensor weight);  // [out, in]; may lie in a mapped file

  at::Tensor product(const at::Tensor& x, const at::Tensor& bias, std::int64_t first,
                     std::int64_t count) const override;
  std::int64_t in_features() const override { return weight_.size(1); }
  std::int64_t out_features() const override { return weight_.size(0); }

  at::Tensor rows(std::int64_t first, std::int64_t count) const;  // [count, in], shared

 private:
  at::Tensor weight_;
};

// products() of at least one factor, whose weights are `dense`.
std::vector<at::Tensor> dense_products(const at::Tensor& x, const std::vector<Factor>& factors,
                                       const std::vector<const DenseWeight*>& dense);

}  // namespace lumina::quant
