// What the kernels compute on, and whether this processor can run them.
#pragma once

namespace lumina::kernels {

enum class Element { kFloat32, kBFloat16 };

// True if the processor runs the kernels of this folder; asked once.
bool has_avx512();

}  // namespace lumina::kernels
