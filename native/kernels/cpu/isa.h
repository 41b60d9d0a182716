// Which instructions the kernels may use.
#pragma once

namespace lumina::kernels {

// Each contains those before it. kAvx512: F, BW, VL, DQ; kAvx512Vnni: the dot product of bytes;
// kAvx512Bf16: that of bf16 numbers; kAmxBf16: products of tiles of them, which the system lets
// this process use.
enum class Isa { kPortable, kAvx2, kAvx512, kAvx512Vnni, kAvx512Bf16, kAmxBf16 };
inline constexpr Isa kBestIsa = Isa::kAmxBf16;

// The best that this processor has, or less where limit_isa() says so.
Isa isa();
// For tests of the paths that this machine would not take: nothing beyond `most` is used from now
// on, in any thread.
void limit_isa(Isa most);

const char* isa_name(Isa isa);  // "avx512-vnni"

}  // namespace lumina::kernels
