// A weight as codes in the kernels' order.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "kernels/cpu/packed_matrix.h"
#include "quant/weight.h"

namespace lumina::quant {

class PackedWeight final : public Weight {
 public:
  // `fill` writes strip `index`, zeros so far, and is called once for each, from several threads.
  // `rounded`: activations are rounded to 8 bits per group. Throws Error(kOutOfMemory), and what
  // `fill` throws.
  PackedWeight(const kernels::PackedLayout& layout, bool rounded,
               const std::function<void(std::int64_t index, std::uint8_t* strip)>& fill);

  at::Tensor product(const at::Tensor& x, const at::Tensor& bias, std::int64_t first,
                     std::int64_t count) const override;
  std::int64_t in_features() const override { return layout_.in; }
  std::int64_t out_features() const override { return layout_.out; }

  // Whether inputs prepared for one of the two serve the other as well.
  bool shares_inputs(const PackedWeight& other) const;

 private:
  friend std::vector<at::Tensor> packed_products(const at::Tensor& x,
                                                 const std::vector<Factor>& factors,
                                                 const std::vector<const PackedWeight*>& weights);

  kernels::PackedLayout layout_;
  bool rounded_;
  std::shared_ptr<std::uint8_t> strips_;
};

// products() of at least one factor, whose weights are `weights` and share their inputs.
std::vector<at::Tensor> packed_products(const at::Tensor& x, const std::vector<Factor>& factors,
                                        const std::vector<const PackedWeight*>& weights);

}  // namespace lumina::quant
