// What the kernels compute on, and whether this processor can run them.
#pragma once

namespace lumina::kernels {

enum class Element { kFloat32, kBFloat16, kInt8 };

// True if attention.h and linear.h may be used.
bool has_avx512();

}  // namespace lumina::kernels
