#include "training/movqgan_network.h"

#include <ATen/ATen.h>

namespace lumina::training {
namespace {

constexpr std::int64_t kGroups = 32;
constexpr double kEpsilon = 1e-6;

// [B, C, h, w] on the latent grid against x [B, C, H, W] on a finer one: x as [B, C, h, s, w, s].
at::Tensor by_cells(const at::Tensor& x, const at::Tensor& cells) {
  const std::int64_t rows = cells.size(2), columns = cells.size(3);
  return x.view({x.size(0), x.size(1), rows, x.size(2) / rows, columns, x.size(3) / columns});
}

at::Tensor broadcast(const at::Tensor& cells) { return cells.unsqueeze(3).unsqueeze(5); }

}  // namespace

at::Tensor MovqganNetwork::convolution(const at::Tensor& x, const std::string& name,
                                       std::int64_t stride, std::int64_t padding) const {
  return at::conv2d(x, parameters_.get(name + ".weight").to(compute_),
                    parameters_.get(name + ".bias").to(compute_), stride, padding);
}

// Group norm, and with a latent the spatial modulation norm(x) * conv_y(zq) + conv_b(zq)
// (docs/spec/movqgan.md 2.7). The 1x1 convolutions commute with the nearest upsampling of zq, so
// they run on the latent grid.
at::Tensor MovqganNetwork::norm(const at::Tensor& x, const at::Tensor& latent,
                                const std::string& name) const {
  const std::string affine = latent.defined() ? name + ".norm_layer" : name;
  at::Tensor y = at::group_norm(x, kGroups, parameters_.get(affine + ".weight").to(compute_),
                                parameters_.get(affine + ".bias").to(compute_), kEpsilon);
  if (!latent.defined()) return y;
  const at::Tensor scale = convolution(latent, name + ".conv_y", 1, 0);
  const at::Tensor shift = convolution(latent, name + ".conv_b", 1, 0);
  const at::Tensor cells = by_cells(y, scale);
  return (cells * broadcast(scale) + broadcast(shift)).reshape(y.sizes());
}

at::Tensor MovqganNetwork::residual_block(const at::Tensor& x, const at::Tensor& latent,
                                          const std::string& name) const {
  at::Tensor h = convolution(at::silu(norm(x, latent, name + ".norm1")), name + ".conv1");
  h = convolution(at::silu(norm(h, latent, name + ".norm2")), name + ".conv2");
  const bool widens = parameters_.has(name + ".nin_shortcut.weight");
  return h + (widens ? convolution(x, name + ".nin_shortcut", 1, 0) : x);
}

at::Tensor MovqganNetwork::attention_block(const at::Tensor& x, const at::Tensor& latent,
                                           const std::string& name) const {
  const at::Tensor h = norm(x, latent, name + ".norm");
  const auto pixels = [&](const char* projection) {  // [B, N, C]
    return convolution(h, name + projection, 1, 0).flatten(2).transpose(1, 2);
  };
  const double scale = 1.0 / std::sqrt(static_cast<double>(x.size(1)));
  const at::Tensor logits = at::matmul(pixels(".q"), pixels(".k").transpose(1, 2)).to(at::kFloat);
  const at::Tensor weights = at::softmax(logits * scale, -1).to(compute_);
  const at::Tensor out = at::matmul(weights, pixels(".v")).transpose(1, 2).reshape(x.sizes());
  return x + convolution(out, name + ".proj_out", 1, 0);
}

at::Tensor MovqganNetwork::mid(at::Tensor x, const at::Tensor& latent,
                               const std::string& name) const {
  x = residual_block(x, latent, name + ".block_1");
  x = attention_block(x, latent, name + ".attn_1");
  return residual_block(x, latent, name + ".block_2");
}

at::Tensor MovqganNetwork::encode(const at::Tensor& image) const {
  const at::Tensor none;
  at::Tensor x = convolution(image.to(compute_).contiguous(), "encoder.conv_in");
  for (std::size_t i = 0; i < config_.num_levels(); ++i) {
    const std::string level = "encoder.down." + std::to_string(i);
    for (std::int64_t j = 0; j < config_.num_res_blocks; ++j) {
      x = residual_block(x, none, level + ".block." + std::to_string(j));
      if (config_.attention[i]) x = attention_block(x, none, level + ".attn." + std::to_string(j));
    }
    if (i + 1 < config_.num_levels()) {
      x = convolution(at::constant_pad_nd(x, {0, 1, 0, 1}), level + ".downsample.conv", 2, 0);
    }
  }
  x = mid(x, none, "encoder.mid");
  x = convolution(at::silu(norm(x, none, "encoder.norm_out")), "encoder.conv_out");
  return convolution(x, "quant_conv", 1, 0).to(at::kFloat);
}

at::Tensor MovqganNetwork::decode(const at::Tensor& latent) const {
  const at::Tensor zq = latent.to(compute_).contiguous();
  at::Tensor x = convolution(convolution(zq, "post_quant_conv", 1, 0), "decoder.conv_in");
  x = mid(x, zq, "decoder.mid");
  for (std::size_t i = config_.num_levels(); i-- > 0;) {
    const std::string level = "decoder.up." + std::to_string(i);
    for (std::int64_t j = 0; j < config_.num_res_blocks + 1; ++j) {
      x = residual_block(x, zq, level + ".block." + std::to_string(j));
      if (config_.attention[i]) x = attention_block(x, zq, level + ".attn." + std::to_string(j));
    }
    if (i > 0) {
      x = convolution(at::upsample_nearest2d(x, {2 * x.size(2), 2 * x.size(3)}),
                      level + ".upsample.conv");
    }
  }
  x = at::silu(norm(x, zq, "decoder.norm_out"));
  return convolution(x, "decoder.conv_out").to(at::kFloat);
}

}  // namespace lumina::training
