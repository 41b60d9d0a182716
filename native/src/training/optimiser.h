// AdamW (Loshchilov and Hutter, arXiv:1711.05101) over a parameter set, with decoupled weight decay
// on every parameter, as the reference has it (docs/spec/model.md 9.7); the matrices inside the
// layers by Muon instead where that is asked for.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "training/parameters.h"

namespace lumina::training {

struct OptimiserOptions {
  double beta1 = 0.9;
  double beta2 = 0.95;
  double epsilon = 1e-8;
  double weight_decay = 0.0;
  bool muon = false;       // for the weights of linear layers in the transformer's layers
  double momentum = 0.95;  // of Muon
};

class Optimiser {
 public:
  Optimiser(const ParameterSet& parameters, const OptimiserOptions& options);

  // One update from the gradients in `parameters`, which must be those of the constructor.
  void step(ParameterSet& parameters, double learning_rate);

  // State, in the order of the parameters: moments of their shapes, and the updates done so far.
  // Muon has no second moments; they are undefined tensors.
  std::vector<at::Tensor>& first_moments() { return first_; }
  std::vector<at::Tensor>& second_moments() { return second_; }
  std::int64_t updates() const { return updates_; }
  void set_updates(std::int64_t updates) { updates_ = updates; }

 private:
  void muon_step(const at::Tensor& weight, const at::Tensor& gradient, at::Tensor& first,
                 double learning_rate) const;

  OptimiserOptions options_;
  std::vector<at::Tensor> first_;
  std::vector<at::Tensor> second_;
  std::int64_t updates_ = 0;
};

// The Euclidean norm of all gradients together; scales them down to `limit` if they exceed it
// (0: never).
double clip_gradients(ParameterSet& parameters, double limit);

}  // namespace lumina::training
