// Residual block and resampling (docs/spec/movqgan.md 2.3, 2.5, 2.8), shared by encoder and
// decoder. Each takes its input by value and gives it up as soon as it can: use std::move.
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <string>

#include "vision/convolution.h"
#include "vision/norm.h"
#include "vision/tap.h"

namespace lumina::vision {

class ResidualBlock {
 public:
  // Widths come from the weights; a block that changes the width has a nin_shortcut. Encoder blocks
  // have plain norms, decoder blocks `conditional` ones.
  ResidualBlock(const WeightReader& reader, const std::string& name, bool shortcut,
                bool conditional);

  // [B, I, H, W] -> [B, O, H, W]. `latent` as in Norm.
  at::Tensor operator()(at::Tensor x, const at::Tensor& latent, const Tap& tap) const;

 private:
  std::string name_;
  Norm norm1_;
  Convolution conv1_;
  Norm norm2_;
  Convolution conv2_;
  std::optional<Convolution> shortcut_;  // 1x1, of the raw input
};

// One column of zeros on the right and one row at the bottom, then 3x3 with stride 2.
class Downsample {
 public:
  Downsample(const WeightReader& reader, const std::string& name);
  // [B, C, H, W] -> [B, C, floor(H / 2), floor(W / 2)].
  at::Tensor operator()(at::Tensor x, const Tap& tap) const;

 private:
  std::string name_;
  Convolution conv_;
};

// Nearest neighbour x2, then 3x3; the decoder's.
class Upsample {
 public:
  Upsample(const WeightReader& reader, const std::string& name);
  // [B, C, H, W] -> [B, C, 2H, 2W].
  at::Tensor operator()(at::Tensor x, const Tap& tap) const;

 private:
  std::string name_;
  Convolution conv_;
};

}  // namespace lumina::vision
