// 3x3 convolution with fewer multiplications.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace lumina::vision {

// Working memory of all threads together, next to the transformed weights; also in
// working_memory.cc.
constexpr std::int64_t kWinogradNumbers = std::int64_t{1} << 22;

// Whether winograd_convolution() takes these and is worth while: fp32 on the CPU, weight
// [O, I, 3, 3], enough channels and pixels.
bool suits_winograd(const at::Tensor& x, const at::Tensor& weight);

// x [B, I, H, W], weight [O, I, 3, 3], bias [O] -> [B, O, H, W], channels-last: the convolution
// with stride 1 and a border of one zero, by Winograd's minimal filtering F(2x2, 3x3) (Lavin and
// Gray, "Fast Algorithms for Convolutional Neural Networks", 2016): 16 products where the
// definition has
// 36. Its rounding errors are about twice those of the definition.
at::Tensor winograd_convolution(const at::Tensor& x, const at::Tensor& weight,
                                const at::Tensor& bias);

}  // namespace lumina::vision
