#include "training/adamw.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

namespace lumina::training {

AdamW::AdamW(const ParameterSet& parameters, const AdamWOptions& options) : options_(options) {
  for (const at::Tensor& tensor : parameters.tensors()) {
    first_.push_back(at::zeros_like(tensor.detach()));
    second_.push_back(at::zeros_like(tensor.detach()));
  }
}

void AdamW::step(ParameterSet& parameters, double learning_rate) {
  const at::NoGradGuard no_grad;
  ++updates_;
  const std::vector<at::Tensor>& tensors = parameters.tensors();
  const std::vector<at::Tensor> gradients = parameters.gradients();
  std::vector<at::Tensor> steps;
  steps.reserve(tensors.size());
  for (const at::Tensor& tensor : tensors) {
    steps.push_back(at::scalar_tensor(static_cast<double>(updates_), tensor.options()));
  }
  at::_fused_adamw_(tensors, gradients, first_, second_, {}, steps, learning_rate, options_.beta1,
                    options_.beta2, options_.weight_decay, options_.epsilon, /*amsgrad=*/false,
                    /*maximize=*/false);
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
