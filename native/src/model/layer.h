// A transformer layer: attention and a gated MLP, each with its norm (docs/spec/model.md 3.6, 3.7).
#pragma once

#include <ATen/core/Tensor.h>

#include "checkpoint/model_config.h"
#include "checkpoint/weight_set.h"
#include "model/attention.h"
#include "model/linear.h"
#include "model/norm.h"

namespace lumina::model {

// down(silu(gate(x)) * up(x))
class Mlp {
 public:
  // `name`: "model.layers.N.mlp."
  Mlp(const checkpoint::ModelConfig& config, const checkpoint::WeightSet& weights,
      const std::string& name, const Storage& storage);

  at::Tensor operator()(const at::Tensor& x) const;  // [.., H] -> [.., H]

 private:
  Linear gate_;
  Linear up_;
  Linear down_;
};

class Layer {
 public:
  Layer(const checkpoint::ModelConfig& config, const checkpoint::WeightSet& weights,
        std::int64_t index, const Storage& storage);

  at::Tensor operator()(const at::Tensor& x, const Rotation& rotation, PassMemory& memory) const;

 private:
  std::int64_t index_;
  bool swin_norm_;  // norms on the outputs of attention and MLP instead of their inputs
  RmsNorm attention_norm_;
  RmsNorm mlp_norm_;
  Attention attention_;
  Mlp mlp_;
};

}  // namespace lumina::model
