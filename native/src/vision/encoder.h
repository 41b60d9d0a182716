// Picture -> latent grid (docs/spec/movqgan.md section 3).
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <vector>

#include "vision/attention.h"
#include "vision/blocks.h"
#include "vision/layout.h"

namespace lumina::vision {

class Encoder {
 public:
  Encoder(const WeightReader& reader, const MovqganConfig& config);

  // [B, 3, H, W] -> [B, z_channels, floor(H / 8), floor(W / 8)].
  at::Tensor operator()(const at::Tensor& image, const Tap& tap) const;

 private:
  struct Level {
    std::vector<ResidualBlock> blocks;
    std::vector<AttentionBlock> attentions;  // empty, or one after each block
    std::optional<Downsample> downsample;    // none on the last level
  };

  Convolution conv_in_;
  std::vector<Level> levels_;
  ResidualBlock mid_block_1_;
  AttentionBlock mid_attention_;
  ResidualBlock mid_block_2_;
  Norm norm_out_;
  Convolution conv_out_;
};

}  // namespace lumina::vision
