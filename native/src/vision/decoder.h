// Latent grid -> picture (docs/spec/movqgan.md section 5).
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <vector>

#include "vision/attention.h"
#include "vision/blocks.h"
#include "vision/layout.h"

namespace lumina::vision {

class Decoder {
 public:
  Decoder(const WeightReader& reader, const MovqganConfig& config);

  // `projected` [B, z_channels, h, w] feeds the first convolution only, `latent` [B, embed_dim, h,
  // w] (wide type) every norm; result [B, 3, 8h, 8w], not clamped.
  at::Tensor operator()(const at::Tensor& projected, const at::Tensor& latent,
                        const Tap& tap) const;

 private:
  struct Level {
    std::vector<ResidualBlock> blocks;
    std::vector<AttentionBlock> attentions;  // empty, or one after each block
    std::optional<Upsample> upsample;        // none on level 0
  };

  Convolution conv_in_;
  ResidualBlock mid_block_1_;
  AttentionBlock mid_attention_;
  ResidualBlock mid_block_2_;
  std::vector<Level> levels_;  // in running order: the last level of the names first
  Norm norm_out_;
  Convolution conv_out_;
};

}  // namespace lumina::vision
