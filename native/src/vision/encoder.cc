#include "vision/encoder.h"

#include <ATen/ATen.h>

namespace lumina::vision {

Encoder::Encoder(const WeightReader& reader, const MovqganConfig& config)
    : conv_in_(reader, "encoder.conv_in", 1, 1),
      mid_block_1_(reader, "encoder.mid.block_1", false, false),
      mid_attention_(reader, "encoder.mid.attn_1", false),
      mid_block_2_(reader, "encoder.mid.block_2", false, false),
      norm_out_(reader, "encoder.norm_out", false),
      conv_out_(reader, "encoder.conv_out", 1, 1) {
  std::int64_t width = config.channels;
  for (std::size_t i = 0; i < config.num_levels(); ++i) {
    const std::string name = "encoder.down." + std::to_string(i);
    Level level;
    for (std::int64_t j = 0; j < config.num_res_blocks; ++j) {
      const bool widens = width != config.level_channels(i);
      level.blocks.emplace_back(reader, name + ".block." + std::to_string(j), widens, false);
      width = config.level_channels(i);
      if (config.attention[i]) {
        level.attentions.emplace_back(reader, name + ".attn." + std::to_string(j), false);
      }
    }
    if (i + 1 < config.num_levels()) level.downsample.emplace(reader, name + ".downsample");
    levels_.push_back(std::move(level));
  }
}

at::Tensor Encoder::operator()(const at::Tensor& image, const Tap& tap) const {
  const at::Tensor none;  // plain norms take no latent
  at::Tensor x = conv_in_(image);
  tap("encoder.conv_in", x);
  for (const Level& level : levels_) {
    for (std::size_t j = 0; j < level.blocks.size(); ++j) {
      x = level.blocks[j](std::move(x), none, tap);
      if (!level.attentions.empty()) x = level.attentions[j](std::move(x), none, tap);
    }
    if (level.downsample) x = (*level.downsample)(std::move(x), tap);
  }
  x = mid_block_1_(std::move(x), none, tap);
  x = mid_attention_(std::move(x), none, tap);
  x = mid_block_2_(std::move(x), none, tap);
  norm_out_.apply_(x, none, Activation::kSilu, tap);
  x = conv_out_(x);
  tap("encoder.conv_out", x);
  return x;
}

}  // namespace lumina::vision
