#include "packed_product.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "avx512.h"
#include "isa.h"
#include "lumina/status.h"
#include "packed_strip.h"

namespace lumina::kernels {
namespace {

void add_strip(const StripArguments& arguments) {
  const Isa best = isa();
#ifdef LUMINA_HAS_AVX512_CODE
  if (best >= Isa::kAvx512 && !arguments.x->rounded) return strip_avx512(arguments);
  if (best >= Isa::kAvx512Vnni) return strip_avx512_vnni(arguments);
  if (best >= Isa::kAvx2) return strip_avx2(arguments);
#endif
  strip_portable(arguments);
}

// The wanted outputs of strip `strip` from their sums.
template <typename Y>
void write_strip(const ProductArguments& a, std::int64_t strip, const float* sums) {
  const std::int64_t wanted = a.last - a.first;
  const std::int64_t begin = std::max(a.first, strip * kStrip);
  const std::int64_t end = std::min(a.last, (strip + 1) * kStrip);
  for (std::int64_t m = 0; m < a.x->rows; ++m) {
    const float* from = sums + m * kStrip - strip * kStrip;
    Y* to = static_cast<Y*>(a.y) + m * wanted - a.first;
    for (std::int64_t n = begin; n < end; ++n) {
      put(from[n] + (a.bias == nullptr ? 0.0f : a.bias[n - a.first]), to + n);
    }
  }
}

}  // namespace

void multiply(const ProductArguments& a, std::int64_t first_strip, std::int64_t last_strip) {
  const std::int64_t rows = a.x->rows;
  const std::size_t bytes = rows * kStrip * sizeof(float);
  const std::unique_ptr<float, void (*)(void*)> sums(
      static_cast<float*>(std::aligned_alloc(64, bytes)), &std::free);
  if (!sums) throw Error(ErrorCode::kOutOfMemory, "out of memory");
  for (std::int64_t strip = std::max(first_strip, a.first / kStrip);
       strip < last_strip && strip * kStrip < a.last; ++strip) {
    std::memset(sums.get(), 0, bytes);
    add_strip({&a.layout, a.weight + strip * a.layout.strip_bytes(), a.x, sums.get()});
    if (a.element == Element::kBFloat16) {
      write_strip<std::uint16_t>(a, strip, sums.get());
    } else {
      write_strip<float>(a, strip, sums.get());
    }
  }
}

}  // namespace lumina::kernels
