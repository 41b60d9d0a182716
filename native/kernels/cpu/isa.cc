#include "isa.h"

#include <algorithm>
#include <atomic>

#include "avx512.h"

#ifdef LUMINA_HAS_AVX512_CODE
#include <cpuid.h>
#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif
#endif

namespace lumina::kernels {
namespace {

std::atomic<Isa> limit{kBestIsa};

#ifdef LUMINA_HAS_AVX512_CODE
// Whether the processor has tiles of bf16, and the system saves them: Linux does for processes that
// ask (Documentation/arch/x86/xstate.rst).
bool may_use_tiles() {
#ifdef __linux__
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  constexpr unsigned kAmxBf16Bit = 1u << 22, kAmxTileBit = 1u << 24;
  if ((d & kAmxBf16Bit) == 0 || (d & kAmxTileBit) == 0) return false;
  constexpr long kRequestPermission = 0x1023, kTileData = 18;  // ARCH_REQ_XCOMP_PERM, XTILEDATA
  return ::syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
#else
  return false;
#endif
}
#endif

Isa detect() {
#ifdef LUMINA_HAS_AVX512_CODE
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return Isa::kPortable;
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  if (!avx512) return Isa::kAvx2;
  if (!__builtin_cpu_supports("avx512vnni")) return Isa::kAvx512;
  if (!__builtin_cpu_supports("avx512bf16")) return Isa::kAvx512Vnni;
  return may_use_tiles() ? Isa::kAmxBf16 : Isa::kAvx512Bf16;
#else
  return Isa::kPortable;
#endif
}

}  // namespace

Isa isa() {
  static const Isa best = detect();
  return std::min(best, limit.load(std::memory_order_relaxed));
}

void limit_isa(Isa most) { limit.store(most, std::memory_order_relaxed); }

const char* isa_name(Isa isa) {
  switch (isa) {
    case Isa::kPortable: return "portable";
    case Isa::kAvx2: return "avx2";
    case Isa::kAvx512: return "avx512";
    case Isa::kAvx512Vnni: return "avx512-vnni";
    case Isa::kAvx512Bf16: return "avx512-bf16";
    case Isa::kAmxBf16: return "amx-bf16";
  }
  return "";
}

}  // namespace lumina::kernels
