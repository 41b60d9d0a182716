// A window into a forward pass, for tests that compare stages with the reference.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>

namespace lumina::vision {

// Called with the name of a module (as its tensors are named) and its output [B, C, H, W], which is
// overwritten after the call: copy what must last. An empty tap costs nothing.
using Tap = std::function<void(const std::string& name, const at::Tensor& output)>;

}  // namespace lumina::vision
