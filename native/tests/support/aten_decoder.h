// The decoder of docs/spec/movqgan.md as plain ATen calls, one after the other, as the Python
// original runs it: planes in memory, modulation maps of the picture's size, nothing fused, nothing
// in place. The twin of vision/decoder.h for tests and benches.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>

#include "checkpoint/weight_set.h"
#include "vision/layout.h"

namespace lumina::testing {

class AtenDecoder {
 public:
  AtenDecoder(const checkpoint::WeightSet& weights, const vision::MovqganConfig& config);

  // Codes [B, h, w] int64 -> [B, 3, 8h, 8w] fp32.
  at::Tensor decode(const at::Tensor& codes) const;

 private:
  at::Tensor convolution(const at::Tensor& x, const std::string& name,
                         std::int64_t padding = 1) const;
  at::Tensor norm(const at::Tensor& x, const at::Tensor& latent, const std::string& name) const;
  at::Tensor residual_block(const at::Tensor& x, const at::Tensor& latent,
                            const std::string& name) const;
  at::Tensor attention_block(const at::Tensor& x, const at::Tensor& latent,
                             const std::string& name) const;

  vision::MovqganConfig config_;
  std::map<std::string, at::Tensor> weights_;
};

}  // namespace lumina::testing
