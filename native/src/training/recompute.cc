#include "training/recompute.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

namespace lumina::training {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct Recomputed : torch::autograd::Function<Recomputed> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const Block* block) {
    context->save_for_backward({x});
    context->saved_data["block"] = reinterpret_cast<std::int64_t>(block);
    return (*block)(x);  // the graph is off in here
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto* block = reinterpret_cast<const Block*>(context->saved_data["block"].toInt());
    const at::Tensor x = context->get_saved_variables()[0].detach().requires_grad_(true);
    {
      const at::AutoGradMode on(true);
      (*block)(x).backward(gradients[0]);
    }
    return {x.grad(), at::Tensor()};
  }
};

}  // namespace

at::Tensor recompute(const Block& block, const at::Tensor& x) {
  return Recomputed::apply(x, &block);
}

}  // namespace lumina::training
