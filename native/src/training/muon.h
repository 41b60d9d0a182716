// What Muon makes of a gradient (Jordan et al. 2024, "Muon: An optimizer for hidden layers in
// neural networks"): the nearest matrix whose singular values are all about 1, so that rare
// directions, such as the words of a prompt, are learned as fast as frequent ones.
#pragma once

#include <ATen/core/Tensor.h>

namespace lumina::training {

// The 2-D `matrix` U S V^T -> fp32 U S' V^T, all of S' between 0.65 and 1.25, for singular values
// down to some thousandths of the matrix's norm: five steps of the quintic Newton-Schulz iteration
// of that article, in bf16, or in fp32 on a processor without products of bf16. All zeros stay
// zeros.
at::Tensor orthogonalised(const at::Tensor& matrix);

}  // namespace lumina::training
