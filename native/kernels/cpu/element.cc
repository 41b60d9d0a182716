#include "element.h"

#include "isa.h"

namespace lumina::kernels {

bool has_avx512() { return isa() >= Isa::kAvx512; }

}  // namespace lumina::kernels
