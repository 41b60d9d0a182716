#include "vision/decoder.h"

#include <ATen/ATen.h>

namespace lumina::vision {

Decoder::Decoder(const WeightReader& reader, const MovqganConfig& config)
    : conv_in_(reader, "decoder.conv_in", 1, 1),
      mid_block_1_(reader, "decoder.mid.block_1", false, true),
      mid_attention_(reader, "decoder.mid.attn_1", true),
      mid_block_2_(reader, "decoder.mid.block_2", false, true),
      norm_out_(reader, "decoder.norm_out", true),
      conv_out_(reader, "decoder.conv_out", 1, 1) {
  std::int64_t width = config.level_channels(config.num_levels() - 1);
  for (std::size_t i = config.num_levels(); i-- > 0;) {
    const std::string name = "decoder.up." + std::to_string(i);
    Level level;
    for (std::int64_t j = 0; j < config.num_res_blocks + 1; ++j) {
      const bool narrows = width != config.level_channels(i);
      level.blocks.emplace_back(reader, name + ".block." + std::to_string(j), narrows, true);
      width = config.level_channels(i);
      if (config.attention[i]) {
        level.attentions.emplace_back(reader, name + ".attn." + std::to_string(j), true);
      }
    }
    if (i > 0) level.upsample.emplace(reader, name + ".upsample");
    levels_.push_back(std::move(level));
  }
}

at::Tensor Decoder::operator()(const at::Tensor& projected, const at::Tensor& latent,
                               const Tap& tap) const {
  at::Tensor x = conv_in_(projected);
  tap("decoder.conv_in", x);
  x = mid_block_1_(std::move(x), latent, tap);
  x = mid_attention_(std::move(x), latent, tap);
  x = mid_block_2_(std::move(x), latent, tap);
  for (const Level& level : levels_) {
    for (std::size_t j = 0; j < level.blocks.size(); ++j) {
      x = level.blocks[j](std::move(x), latent, tap);
      if (!level.attentions.empty()) x = level.attentions[j](std::move(x), latent, tap);
    }
    if (level.upsample) x = (*level.upsample)(std::move(x), tap);
  }
  norm_out_.apply_(x, latent, Activation::kSilu, tap);
  x = conv_out_(x);
  tap("decoder.conv_out", x);
  return x;
}

}  // namespace lumina::vision
