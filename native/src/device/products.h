// Matrix products on the CPU's threads without those of its BLAS.
#pragma once

#include <ATen/core/Tensor.h>

namespace lumina::device {

// x [.., in] Wᵀ + bias -> [.., out], as at::linear. In fp32 on the CPU, threads share the rows of x
// (or, of few rows, the outputs) and BLAS runs on each alone: OpenBLAS's own threads spin for
// milliseconds after every product, on the cores that the next parallel loop wants.
at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias = {});

}  // namespace lumina::device
