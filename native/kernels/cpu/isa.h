// Which instructions the kernels may use.
#pragma once

namespace lumina::kernels {

// Each contains those before it. kAvx512: F, BW, VL, DQ.
enum class Isa { kPortable, kAvx2, kAvx512, kAvx512Vnni };

// The best that this processor has, or less where limit_isa() says so.
Isa isa();
// For tests of the paths that this machine would not take: nothing beyond `most` is used from now
// on, in any thread.
void limit_isa(Isa most);

const char* isa_name(Isa isa);  // "avx512-vnni"

}  // namespace lumina::kernels
