// The transformer as autograd sees it: whole sequences without a cache, nothing in place. tests/
// hold it against model::Transformer.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <vector>

#include "checkpoint/model_config.h"
#include "model/rotary.h"
#include "training/parameters.h"
#include "training/recompute.h"

namespace lumina::training {

// Low-rank adapters (Hu et al., arXiv:2106.09685) on linear layers: W + alpha / rank * B A.
struct LoraOptions {
  std::int64_t rank = 0;  // 0: none
  double alpha = 0.0;
  std::vector<std::string> targets;  // last parts of layer names, such as q_proj
  double scale() const { return rank > 0 ? alpha / static_cast<double>(rank) : 0.0; }
};

struct TransformerNetworkOptions {
  at::ScalarType compute = at::kFloat;  // or bf16; norms, rotation and softmax are wider
  double dropout = 0.0;                 // after attention and after the MLP
  bool checkpointing = false;           // see recompute.h
  LoraOptions lora;
};

class TransformerNetwork {
 public:
  // A weight is looked for among `parameters`, then in `frozen` (which has no gradient and is of
  // the compute type). Both must outlive this.
  TransformerNetwork(const checkpoint::ModelConfig& config, const ParameterSet& parameters,
                     const std::map<std::string, at::Tensor>& frozen,
                     const TransformerNetworkOptions& options);

  // ids [B, T] int64 -> hidden states behind the last layer, before the final norm: [B, T, H].
  // `noise` addresses the dropout; it is off while gradients are.
  at::Tensor hidden(const at::Tensor& ids, std::uint64_t noise);
  // Rows [n, H] of hidden states -> logits [n, vocabulary] fp32.
  at::Tensor logits(const at::Tensor& rows) const;

 private:
  at::Tensor weight(const std::string& name) const;  // norms' in fp32, others in the compute type
  at::Tensor linear(const at::Tensor& x, const std::string& name, bool bias) const;
  at::Tensor rms_norm(const at::Tensor& x, const std::string& name) const;
  at::Tensor attention(const at::Tensor& x, const std::string& name) const;
  at::Tensor mlp(const at::Tensor& x, const std::string& name) const;
  at::Tensor layer(const at::Tensor& x, std::int64_t index, std::uint64_t noise) const;
  at::Tensor drop(const at::Tensor& x, std::uint64_t noise, std::uint32_t place) const;

  checkpoint::ModelConfig config_;
  const ParameterSet& parameters_;
  const std::map<std::string, at::Tensor>& frozen_;
  TransformerNetworkOptions options_;
  model::Rotary rotary_;
  model::Rotation rotation_;  // of the sequences at hand
  std::vector<Block> blocks_;
};

}  // namespace lumina::training
