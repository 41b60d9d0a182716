// Four bits and a group's scale and zero, bf16: weight = (code - 8) * scale + zero, code 0 .. 15.
#pragma once

#include "quant/format.h"

namespace lumina::quant {

// "rtn": scale and zero from the extremes of the group and the nearest code, in the arithmetic of
// the weight's own type; code for code what torchao's int4_weight_only makes of it. "hqq": the zero
// from half_quadratic_offset().
enum class Int4Method { kRtn, kHqq };

// `group` inputs share a scale and a zero: 32, 64 or 128; the last group of a row may be shorter.
std::unique_ptr<Format> int4_format(std::int64_t group, Int4Method method);

}  // namespace lumina::quant
