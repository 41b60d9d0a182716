#include "isa.h"

#include <algorithm>
#include <atomic>

#include "avx512.h"

namespace lumina::kernels {
namespace {

std::atomic<Isa> limit{Isa::kAvx512Vnni};

Isa detect() {
#ifdef LUMINA_HAS_AVX512_CODE
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return Isa::kPortable;
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  if (!avx512) return Isa::kAvx2;
  return __builtin_cpu_supports("avx512vnni") ? Isa::kAvx512Vnni : Isa::kAvx512;
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
  }
  return "";
}

}  // namespace lumina::kernels
