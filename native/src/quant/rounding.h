// How the offsets of a group of weights are chosen.
#pragma once

#include <ATen/core/Tensor.h>

namespace lumina::quant {

// Half-quadratic quantisation without data (Badri and Shaji, "Half-Quadratic Quantization of Large
// Machine Learning Models", 2023). Codes 0 .. levels stand for offset + code * scale; the scale is
// given, and the offset that makes the errors small in the sense of sum |error|^0.7 is searched by
// turns: the nearest codes, the errors that such a sum tolerates, the offset that fits best.
// weight [.., group], scale and offset [.., 1], all fp32 -> offsets with which the mean of |error|
// is nowhere larger than with those given.
at::Tensor half_quadratic_offset(const at::Tensor& weight, const at::Tensor& scale,
                                 const at::Tensor& offset, int levels);

}  // namespace lumina::quant
