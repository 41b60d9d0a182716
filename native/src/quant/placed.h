// Quantised weights on a device other than the CPU, whose kernels are ATen's.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <memory>

#include "quant/format.h"
#include "quant/weight.h"

namespace lumina::quant {

// int4 in groups of 32, 64 or 128 whose shape ATen's int4 product takes (its sums are in bf16
// tensor cores, and it reads bf16 activations) stays packed; everything else becomes numbers of
// `dtype`, that of the activations. `parts` may lie anywhere.
std::shared_ptr<const Weight> place(const Parts& parts, const Format& format, std::int64_t in,
                                    at::Device device, at::ScalarType dtype);

// Scales and zeros as ATen's product reads them: [out, groups] each -> [groups, out, 2].
at::Tensor scales_and_zeros(const at::Tensor& scale, const at::Tensor& zero);

}  // namespace lumina::quant
