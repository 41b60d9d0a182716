// Convolution with bias. Activations are [B, C, H, W] in channels-last memory throughout: oneDNN
// then reads and writes them in place, where planes would be copied to its blocked layout and back.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "vision/weight_reader.h"

namespace lumina::vision {

// How a 3x3 convolution may be computed: product by product, or with fewer multiplications and
// slightly other rounding (winograd.h). The encoder, whose codes hang on it, takes the first.
enum class Filtering { kDirect, kMinimal };

class Convolution {
 public:
  // `filtering`: kMinimal is for stride 1 and padding 1.
  Convolution(const WeightReader& reader, const std::string& name, std::int64_t stride = 1,
              std::int64_t padding = 0, Filtering filtering = Filtering::kDirect);

  // [B, I, H, W] -> [B, O, H', W'], channels-last.
  at::Tensor operator()(const at::Tensor& input) const;

 private:
  at::Tensor weight_;  // [O, I, kh, kw]
  at::Tensor bias_;    // [O]
  std::int64_t stride_;
  std::int64_t padding_;
  Filtering filtering_;
};

// A 1x1 convolution, as a matrix product over pixels.
class Pointwise {
 public:
  // `wide`: keep float32 when the network computes in a shorter type.
  Pointwise(const WeightReader& reader, const std::string& name, bool wide = false);

  // [..., I] -> [..., O]: channels are the last dimension.
  at::Tensor operator()(const at::Tensor& input) const;

 private:
  at::Tensor weight_;  // [O, I]
  at::Tensor bias_;    // [O]
};

}  // namespace lumina::vision
