#include "quant/packed.h"
#include "quant/weight.h"

namespace lumina::quant {
namespace {

// The weights, if all of them are packed and take the same inputs in the same way; else none.
std::vector<const PackedWeight*> packed_alike(const std::vector<Factor>& factors) {
  std::vector<const PackedWeight*> packed;
  for (const Factor& factor : factors) {
    const auto* weight = dynamic_cast<const PackedWeight*>(factor.weight);
    if (weight == nullptr || (!packed.empty() && !weight->shares_inputs(*packed.front()))) {
      return {};
    }
    packed.push_back(weight);
  }
  return packed;
}

}  // namespace

std::vector<at::Tensor> products(const at::Tensor& x, const std::vector<Factor>& factors) {
  const auto packed = packed_alike(factors);
  if (!packed.empty()) return packed_products(x, factors, packed);
  std::vector<at::Tensor> results;
  for (const Factor& factor : factors) {
    results.push_back(factor.weight->product(x, factor.bias, factor.first, factor.count));
  }
  return results;
}

}  // namespace lumina::quant
