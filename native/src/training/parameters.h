// The weights that training changes: named fp32 leaves of the autograd graph, in a fixed order.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "checkpoint/tensor.h"
#include "checkpoint/weight_set.h"

namespace lumina::training {

// How fresh weights are drawn; each tensor by a generator of its own, seeded from `seed` and its
// name, so that neither order nor other tensors matter.
struct Initializer {
  std::uint64_t seed = 0;
  // Standard deviation of a normal distribution; 0: uniform in +-1/sqrt(fan in), as convolutions
  // are usually begun.
  double deviation = 0.0;
};

class ParameterSet {
 public:
  // Adds one leaf; `value` is copied as fp32. Throws Error(kInternal) for a name that is there.
  void add(const std::string& name, const at::Tensor& value);

  // All tensors of `specs` from a file. Throws Error(kCheckpoint) for one that is missing.
  static ParameterSet load(const checkpoint::WeightSet& weights,
                           const std::vector<checkpoint::TensorSpec>& specs);
  // Fresh ones: norms' weights are 1, all one-dimensional biases of norms 0, the rest drawn.
  static ParameterSet initial(const std::vector<checkpoint::TensorSpec>& specs,
                              const Initializer& initializer);

  // The fp32 leaf. Throws Error(kInternal) for an unknown name.
  const at::Tensor& get(const std::string& name) const;
  bool has(const std::string& name) const { return index_.count(name) > 0; }

  const std::vector<std::string>& names() const { return names_; }
  const std::vector<at::Tensor>& tensors() const { return tensors_; }

  // Moves all leaves; they lose their gradients.
  void to(at::Device device);
  void clear_gradients();
  // The gradients in order; zeros where backward did not reach.
  std::vector<at::Tensor> gradients() const;

 private:
  std::vector<std::string> names_;
  std::vector<at::Tensor> tensors_;
  std::map<std::string, std::size_t> index_;
};

}  // namespace lumina::training
