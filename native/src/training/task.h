// What the training loop drives: a network with its data, knowing nothing of optimisers, schedules
// or files of the run.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "training/parameters.h"

namespace lumina::training {

using Metrics = std::map<std::string, double>;

class Task {
 public:
  virtual ~Task() = default;

  virtual ParameterSet& parameters() = 0;

  // Computes the loss of one micro-batch and adds `weight` times its gradient to the parameters.
  // Which records, and everything random, follows from (step, micro). Returns "loss" and its parts.
  virtual Metrics accumulate(std::int64_t step, std::int64_t micro, double weight) = 0;
  // Called after the optimiser changed the parameters; may change them as well. `learned` holds the
  // optimiser's moments, in the order of the parameters, for what it resets.
  struct Moments {
    std::vector<at::Tensor>& first;
    std::vector<at::Tensor>& second;
  };
  virtual void after_update(std::int64_t step, std::int64_t steps, Moments moments) {}
  // Called before the first step of a run that resumes nothing.
  virtual void prepare() {}
  // Measures on records that training never sees; empty without any.
  virtual Metrics validate() { return {}; }

  // Tensors beyond the parameters that a resumed run needs.
  virtual std::map<std::string, at::Tensor> state() { return {}; }
  virtual void restore(const std::map<std::string, at::Tensor>& state) {}

  // Writes the weights and everything else that makes `folder` a complete model; `folder` exists.
  virtual void write_model(const std::string& folder) = 0;
};

}  // namespace lumina::training
