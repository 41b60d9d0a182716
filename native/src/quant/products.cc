#include "quant/dense.h"
#include "quant/packed.h"
#include "quant/weight.h"

namespace lumina::quant {
namespace {

// The weights, if all of them are of class W; else none.
template <typename W>
std::vector<const W*> all_of_class(const std::vector<Factor>& factors) {
  std::vector<const W*> weights;
  for (const Factor& factor : factors) {
    const auto* weight = dynamic_cast<const W*>(factor.weight);
    if (weight == nullptr) return {};
    weights.push_back(weight);
  }
  return weights;
}

bool share_inputs(const std::vector<const PackedWeight*>& weights) {
  for (const PackedWeight* weight : weights) {
    if (!weight->shares_inputs(*weights.front())) return false;
  }
  return true;
}

}  // namespace

std::vector<at::Tensor> products(const at::Tensor& x, const std::vector<Factor>& factors) {
  const auto packed = all_of_class<PackedWeight>(factors);
  if (!packed.empty() && share_inputs(packed)) return packed_products(x, factors, packed);
  const auto dense = all_of_class<DenseWeight>(factors);
  if (!dense.empty()) return dense_products(x, factors, dense);
  std::vector<at::Tensor> results;
  for (const Factor& factor : factors) {
    results.push_back(factor.weight->product(x, factor.bias, factor.first, factor.count));
  }
  return results;
}

}  // namespace lumina::quant
