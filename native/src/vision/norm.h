// Group norm with 32 groups, plain in the encoder (docs/spec/movqgan.md 2.2) and modulated by the
// latent in the decoder (2.7).
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <string>

#include "vision/convolution.h"
#include "vision/tap.h"

namespace lumina::vision {

enum class Activation { kNone, kSilu };

class Norm {
 public:
  // Reads `name`.{weight,bias}, or, if `conditional`, `name`.norm_layer.{weight,bias} and the two
  // 1x1 convolutions `name`.conv_y and `name`.conv_b.
  Norm(const WeightReader& reader, const std::string& name, bool conditional);

  // activation(norm(x)) for x [B, C, H, W], channels-last, of any floating type. `latent`: the
  // undecorated codebook rows [B, 4, h, w] in the wide type, with H and W the same multiple of h
  // and w; ignored by a plain norm. The tap sees the value before the activation.
  at::Tensor operator()(const at::Tensor& x, const at::Tensor& latent, Activation activation,
                        const Tap& tap) const;
  // The same into x's own memory.
  void apply_(at::Tensor& x, const at::Tensor& latent, Activation activation, const Tap& tap) const;

 private:
  void apply(const at::Tensor& x, const at::Tensor& latent, Activation activation, const Tap& tap,
             at::Tensor& out) const;

  std::string name_;
  at::Tensor scale_;                           // [C]
  at::Tensor shift_;                           // [C]
  std::optional<Pointwise> modulation_scale_;  // conv_y
  std::optional<Pointwise> modulation_shift_;  // conv_b
};

// Mean and biased variance over each group of channels and all pixels of one picture, in float64:
// two tensors [B, groups]. x: [B, C, H, W], channels-last.
std::pair<at::Tensor, at::Tensor> group_statistics(const at::Tensor& x, std::int64_t groups);

}  // namespace lumina::vision
