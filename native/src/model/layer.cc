#include "model/layer.h"

#include <ATen/ATen.h>

#include <string>
#include <vector>

#include "model/layout.h"

namespace lumina::model {

Mlp::Mlp(const checkpoint::ModelConfig& config, const checkpoint::WeightSet& weights,
         const std::string& name, const Storage& storage)
    : gate_(Linear::load(weights, name + "gate_proj", config.mlp_bias, storage)),
      up_(Linear::load(weights, name + "up_proj", config.mlp_bias, storage)),
      down_(Linear::load(weights, name + "down_proj", config.mlp_bias, storage)) {}

at::Tensor Mlp::operator()(const at::Tensor& x) const {
  std::vector<at::Tensor> inner = Linear::together(x, {&gate_, &up_});
  return down_(at::silu_(inner[0]).mul_(inner[1]));
}

Layer::Layer(const checkpoint::ModelConfig& config, const checkpoint::WeightSet& weights,
             std::int64_t index, const Storage& storage)
    : index_(index),
      swin_norm_(config.swin_norm),
      attention_norm_(RmsNorm::load(weights, layer_prefix(index) + "input_layernorm",
                                    config.rms_norm_eps, storage)),
      mlp_norm_(RmsNorm::load(weights, layer_prefix(index) + "post_attention_layernorm",
                              config.rms_norm_eps, storage)),
      attention_(config, weights, layer_prefix(index) + "self_attn.", storage),
      mlp_(config, weights, layer_prefix(index) + "mlp.", storage) {}

at::Tensor Layer::operator()(const at::Tensor& x, const Rotation& rotation,
                             PassMemory& memory) const {
  if (swin_norm_) {
    const at::Tensor h = x + attention_norm_(attention_(x, rotation, memory, index_));
    return h + mlp_norm_(mlp_(h));
  }
  const at::Tensor h = x + attention_(attention_norm_(x), rotation, memory, index_);
  return h + mlp_(mlp_norm_(h));
}

}  // namespace lumina::model
