// bf16 convolution on processors without bf16 products.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace lumina::vision {

// float32 numbers of a band's input and output, unless four rows of output need more; also in
// working_memory.cc.
constexpr std::int64_t kBandNumbers = std::int64_t{1} << 18;
constexpr std::int64_t kLeastBandRows = 4;

// Whether banded_convolution() is the way: bf16 on a CPU whose bf16 convolutions oneDNN does not
// make. libtorch would copy every pixel's neighbourhood (nine times the input) and multiply in
// software.
bool suits_bands(const at::Tensor& x, const at::Tensor& weight);

// x [B, I, H, W] and weight [O, I, k, k] in bf16, bias [O] -> [B, O, H', W'] in bf16,
// channels-last: the convolution with stride 1 and `padding` zeros around, band after band of rows
// computed in float32 and rounded once.
at::Tensor banded_convolution(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                              std::int64_t padding);

}  // namespace lumina::vision
