#include "support/aten_decoder.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <cmath>

#include "device/tensors.h"

namespace lumina::testing {

AtenDecoder::AtenDecoder(const checkpoint::WeightSet& weights, const vision::MovqganConfig& config)
    : config_(config) {
  for (const auto& [name, view] : weights.tensors()) {
    weights_.emplace(name, device::to_tensor(view, at::kFloat));
  }
}

at::Tensor AtenDecoder::convolution(const at::Tensor& x, const std::string& name,
                                    std::int64_t padding) const {
  return at::conv2d(x, weights_.at(name + ".weight"), weights_.at(name + ".bias"), 1, padding);
}

at::Tensor AtenDecoder::norm(const at::Tensor& x, const at::Tensor& latent,
                             const std::string& name) const {
  const at::Tensor normed = at::group_norm(x, 32, weights_.at(name + ".norm_layer.weight"),
                                           weights_.at(name + ".norm_layer.bias"), 1e-6);
  const at::Tensor resized = at::upsample_nearest2d(latent, {x.size(2), x.size(3)});
  return normed * convolution(resized, name + ".conv_y", 0) +
         convolution(resized, name + ".conv_b", 0);
}

at::Tensor AtenDecoder::residual_block(const at::Tensor& x, const at::Tensor& latent,
                                       const std::string& name) const {
  at::Tensor h = convolution(at::silu(norm(x, latent, name + ".norm1")), name + ".conv1");
  h = convolution(at::silu(norm(h, latent, name + ".norm2")), name + ".conv2");
  const bool widens = weights_.count(name + ".nin_shortcut.weight") != 0;
  return (widens ? convolution(x, name + ".nin_shortcut", 0) : x) + h;
}

at::Tensor AtenDecoder::attention_block(const at::Tensor& x, const at::Tensor& latent,
                                        const std::string& name) const {
  const at::Tensor h = norm(x, latent, name + ".norm");
  const at::Tensor q = convolution(h, name + ".q", 0).flatten(2).transpose(1, 2);  // [B, N, C]
  const at::Tensor k = convolution(h, name + ".k", 0).flatten(2);                  // [B, C, N]
  const at::Tensor v = convolution(h, name + ".v", 0).flatten(2);
  const double scale = 1.0 / std::sqrt(static_cast<double>(x.size(1)));
  const at::Tensor weights = at::softmax(at::bmm(q, k) * scale, 2);  // [B, N, N]
  const at::Tensor out = at::bmm(v, weights.transpose(1, 2)).view(x.sizes());
  return x + convolution(out, name + ".proj_out", 0);
}

at::Tensor AtenDecoder::decode(const at::Tensor& codes) const {
  const c10::InferenceMode inference;
  const at::Tensor latent = weights_.at("quantize.embedding.weight")
                                .index_select(0, codes.reshape({-1}))
                                .view({codes.size(0), codes.size(1), codes.size(2), -1})
                                .permute({0, 3, 1, 2})
                                .contiguous();
  at::Tensor x = convolution(convolution(latent, "post_quant_conv", 0), "decoder.conv_in");
  x = residual_block(x, latent, "decoder.mid.block_1");
  x = attention_block(x, latent, "decoder.mid.attn_1");
  x = residual_block(x, latent, "decoder.mid.block_2");
  for (std::size_t i = config_.num_levels(); i-- > 0;) {
    const std::string level = "decoder.up." + std::to_string(i);
    for (std::int64_t j = 0; j < config_.num_res_blocks + 1; ++j) {
      x = residual_block(x, latent, level + ".block." + std::to_string(j));
      if (config_.attention[i]) {
        x = attention_block(x, latent, level + ".attn." + std::to_string(j));
      }
    }
    if (i > 0) {
      x = convolution(at::upsample_nearest2d(x, {2 * x.size(2), 2 * x.size(3)}),
                      level + ".upsample.conv");
    }
  }
  return convolution(at::silu(norm(x, latent, "decoder.norm_out")), "decoder.conv_out");
}

}  // namespace lumina::testing
