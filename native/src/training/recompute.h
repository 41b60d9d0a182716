// Gradient checkpointing: a block forgets its activations and computes them again on the way back
// (Chen et al., arXiv:1604.06174).
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

namespace lumina::training {

using Block = std::function<at::Tensor(const at::Tensor&)>;

// block(x), remembering x only. What the block draws at random must follow from addresses, so that
// it draws the same twice. `block` must live until the backward pass is over.
at::Tensor recompute(const Block& block, const at::Tensor& x);

}  // namespace lumina::training
