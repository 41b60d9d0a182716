#include "training/optimiser.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "training/muon.h"

namespace lumina::training {
namespace {

// Muon's updates are as large as AdamW's usually are, so that both share a learning rate
// (Liu et al., arXiv:2502.16982, section 2.2).
constexpr double kUsualUpdate = 0.2;

// Narrower convolutions are those from and to colours and latents.
constexpr std::int64_t kHiddenChannels = 32;

// The weights q_proj .. down_proj of a transformer's layers, not embedding, head, norms and
// adapters; in MoVQGAN, the convolutions between hidden layers.
bool is_hidden_matrix(const std::string& name, const at::Tensor& tensor) {
  if (tensor.dim() == 4) {
    return tensor.size(0) >= kHiddenChannels && tensor.size(1) >= kHiddenChannels;
  }
  constexpr std::string_view kEnd = "_proj.weight";
  return tensor.dim() == 2 && name.size() > kEnd.size() &&
         name.compare(name.size() - kEnd.size(), kEnd.size(), kEnd) == 0;
}

}  // namespace

Optimiser::Optimiser(const ParameterSet& parameters, const OptimiserOptions& options)
    : options_(options) {
  for (std::size_t i = 0; i < parameters.names().size(); ++i) {
    const at::Tensor tensor = parameters.tensors()[i].detach();
    first_.push_back(at::zeros_like(tensor));
    const bool muon = options_.muon && is_hidden_matrix(parameters.names()[i], tensor);
    second_.push_back(muon ? at::Tensor() : at::zeros_like(tensor));
  }
}

void Optimiser::step(ParameterSet& parameters, double learning_rate) {
  const at::NoGradGuard no_grad;
  ++updates_;
  const std::vector<at::Tensor> all = parameters.gradients();
  std::vector<at::Tensor> tensors, gradients, first, second, steps;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const at::Tensor& tensor = parameters.tensors()[i];
    if (!second_[i].defined()) {
      muon_step(tensor, all[i], first_[i], learning_rate);
      continue;
    }
    tensors.push_back(tensor);
    gradients.push_back(all[i]);
    first.push_back(first_[i]);
    second.push_back(second_[i]);
    steps.push_back(at::scalar_tensor(static_cast<double>(updates_), tensor.options()));
  }
  if (tensors.empty()) return;
  at::_fused_adamw_(tensors, gradients, first, second, {}, steps, learning_rate, options_.beta1,
                    options_.beta2, options_.weight_decay, options_.epsilon, /*amsgrad=*/false,
                    /*maximize=*/false);
}

void Optimiser::muon_step(const at::Tensor& weight, const at::Tensor& gradient, at::Tensor& first,
                          double learning_rate) const {
  first.lerp_(gradient, 1.0 - options_.momentum);
  const at::Tensor ahead = at::lerp(gradient, first, options_.momentum);  // Nesterov's
  // A kernel [out, in, h, w] is the matrix [out, in h w] that its patches are multiplied by.
  const at::Tensor matrix = ahead.reshape({ahead.size(0), -1});
  const auto longer = static_cast<double>(std::max(matrix.size(0), matrix.size(1)));
  at::Tensor value = weight.detach();
  value.mul_(1.0 - learning_rate * options_.weight_decay);
  value.add_(orthogonalised(matrix).view(value.sizes()),
             -learning_rate * kUsualUpdate * std::sqrt(longer));
}

double clip_gradients(ParameterSet& parameters, double limit) {
  const at::NoGradGuard no_grad;
  double sum = 0.0;
  for (const at::Tensor& tensor : parameters.tensors()) {
    if (!tensor.grad().defined()) continue;
    const double norm = tensor.grad().norm().item<double>();
    sum += norm * norm;
  }
  const double norm = std::sqrt(sum);
  if (limit > 0.0 && norm > limit) {
    for (const at::Tensor& tensor : parameters.tensors()) {
      if (tensor.grad().defined()) tensor.mutable_grad().mul_(limit / (norm + 1e-6));
    }
  }
  return norm;
}

}  // namespace lumina::training
