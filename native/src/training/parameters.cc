#include "training/parameters.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>

#include "device/tensors.h"
#include "lumina/status.h"
#include "training/random.h"

namespace lumina::training {
namespace {

bool is_norm(const std::string& name) { return name.find("norm") != std::string::npos; }

// A 1x1 convolution that modulates a norm lies inside the norm's name.
bool is_modulation(const std::string& name) {
  return name.find(".conv_y.") != std::string::npos || name.find(".conv_b.") != std::string::npos;
}

bool is_bias(const std::string& name) {
  return name.size() > 5 && name.compare(name.size() - 5, 5, ".bias") == 0;
}

at::Tensor initial_value(const checkpoint::TensorSpec& spec, const Initializer& initializer) {
  at::Tensor value = at::empty(spec.shape, at::kFloat);
  if (is_modulation(spec.name)) {
    // y = 1 and b = 0: a modulated norm begins as a plain one, with small weights to grow from.
    at::Generator random = generator(initializer.seed, spec.name);
    if (is_bias(spec.name)) return value.fill_(spec.name.find(".conv_y.") != std::string::npos);
    return value.normal_(0.0, 0.02, random);
  }
  if (is_norm(spec.name)) return value.fill_(is_bias(spec.name) ? 0.0 : 1.0);
  at::Generator random = generator(initializer.seed, spec.name);
  if (initializer.deviation > 0.0) return value.normal_(0.0, initializer.deviation, random);
  if (is_bias(spec.name)) return value.zero_();
  std::int64_t fan_in = 1;
  for (std::size_t d = 1; d < spec.shape.size(); ++d) fan_in *= spec.shape[d];
  const double bound = 1.0 / std::sqrt(static_cast<double>(fan_in));
  return value.uniform_(-bound, bound, random);
}

}  // namespace

void ParameterSet::add(const std::string& name, const at::Tensor& value) {
  if (!index_.emplace(name, names_.size()).second) {
    throw Error(ErrorCode::kInternal, "parameter " + name + " exists twice");
  }
  names_.push_back(name);
  tensors_.push_back(value.detach()
                         .to(at::kFloat, /*non_blocking=*/false, /*copy=*/true)
                         .contiguous()
                         .requires_grad_(true));
}

ParameterSet ParameterSet::load(const checkpoint::WeightSet& weights,
                                const std::vector<checkpoint::TensorSpec>& specs) {
  ParameterSet set;
  for (const auto& spec : specs) {
    set.add(spec.name, device::to_tensor(weights.get(spec.name), at::kFloat));
  }
  return set;
}

ParameterSet ParameterSet::initial(const std::vector<checkpoint::TensorSpec>& specs,
                                   const Initializer& initializer) {
  ParameterSet set;
  for (const auto& spec : specs) set.add(spec.name, initial_value(spec, initializer));
  return set;
}

const at::Tensor& ParameterSet::get(const std::string& name) const {
  const auto found = index_.find(name);
  if (found == index_.end()) throw Error(ErrorCode::kInternal, "no parameter " + name);
  return tensors_[found->second];
}

void ParameterSet::to(at::Device device) {
  for (at::Tensor& tensor : tensors_) {
    tensor = tensor.detach().to(device).requires_grad_(true);
  }
}

void ParameterSet::clear_gradients() {
  for (at::Tensor& tensor : tensors_) tensor.mutable_grad().reset();
}

std::vector<at::Tensor> ParameterSet::gradients() const {
  std::vector<at::Tensor> gradients;
  gradients.reserve(tensors_.size());
  for (const at::Tensor& tensor : tensors_) {
    gradients.push_back(tensor.grad().defined() ? tensor.grad() : at::zeros_like(tensor));
  }
  return gradients;
}

}  // namespace lumina::training
