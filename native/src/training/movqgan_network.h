// MoVQGAN as autograd sees it: the network of src/vision, but every operation differentiable and
// nothing in place. tests/ hold the two against each other.
#pragma once

#include <ATen/core/Tensor.h>

#include "training/parameters.h"
#include "vision/layout.h"

namespace lumina::training {

class MovqganNetwork {
 public:
  // `compute`: element type of convolutions and activations, fp32 or bf16. Keeps a reference to
  // `parameters`.
  MovqganNetwork(const ParameterSet& parameters, const vision::MovqganConfig& config,
                 at::ScalarType compute)
      : parameters_(parameters), config_(config), compute_(compute) {}

  // [B, 3, H, W] in [-1, 1], H and W multiples of 8 -> latent [B, embed_dim, H/8, W/8] fp32.
  at::Tensor encode(const at::Tensor& image) const;
  // Quantised latent [B, embed_dim, h, w] -> [B, 3, 8h, 8w] fp32.
  at::Tensor decode(const at::Tensor& latent) const;

 private:
  at::Tensor convolution(const at::Tensor& x, const std::string& name, std::int64_t stride = 1,
                         std::int64_t padding = 1) const;
  at::Tensor norm(const at::Tensor& x, const at::Tensor& latent, const std::string& name) const;
  at::Tensor residual_block(const at::Tensor& x, const at::Tensor& latent,
                            const std::string& name) const;
  at::Tensor attention_block(const at::Tensor& x, const at::Tensor& latent,
                             const std::string& name) const;
  at::Tensor mid(at::Tensor x, const at::Tensor& latent, const std::string& name) const;

  const ParameterSet& parameters_;
  vision::MovqganConfig config_;
  at::ScalarType compute_;
};

}  // namespace lumina::training
