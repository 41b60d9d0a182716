#include "element.h"

#include "avx512.h"

namespace lumina::kernels {

bool has_avx512() {
#ifdef LUMINA_HAS_AVX512_CODE
  static const bool supported =
      __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  return supported;
#else
  return false;
#endif
}

}  // namespace lumina::kernels
