#include "vision/banded_convolution.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "device/blas_threads.h"
#include "kernels/cpu/isa.h"

namespace lumina::vision {

bool suits_bands(const at::Tensor& x, const at::Tensor& weight) {
  return x.is_cpu() && x.scalar_type() == at::kBFloat16 && weight.scalar_type() == at::kBFloat16 &&
         kernels::isa() < kernels::Isa::kAvx512;
}

at::Tensor banded_convolution(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                              std::int64_t padding) {
  const std::int64_t inputs = x.size(1), outputs = weight.size(0), kernel = weight.size(2);
  const std::int64_t height = x.size(2) + 2 * padding - kernel + 1;
  const std::int64_t width = x.size(3) + 2 * padding - kernel + 1;
  at::Tensor out =
      at::empty({x.size(0), outputs, height, width}, x.options(), at::MemoryFormat::ChannelsLast);
  const at::Tensor wide_weight = weight.to(at::kFloat), wide_bias = bias.to(at::kFloat);
  const std::int64_t band =
      std::max(kLeastBandRows, kBandNumbers / ((inputs + outputs) * x.size(3)));
  const device::SingleThreadedBlas single;  // see convolution.cc
  for (std::int64_t b = 0; b < x.size(0); ++b) {
    for (std::int64_t first = 0; first < height; first += band) {
      const std::int64_t rows = std::min(band, height - first);
      // Rows of input that the band needs, of which those above and below the picture are zeros.
      const std::int64_t top = first - padding, bottom = top + rows + kernel - 1;
      const std::int64_t from = std::max<std::int64_t>(top, 0);
      const std::int64_t to = std::min(bottom, x.size(2));
      at::Tensor input = x.narrow(0, b, 1).narrow(2, from, to - from).to(at::kFloat);
      if (from > top || to < bottom) {
        input = at::constant_pad_nd(input, {0, 0, from - top, bottom - to});
      }
      out.narrow(0, b, 1)
          .narrow(2, first, rows)
          .copy_(at::conv2d(input, wide_weight, wide_bias, 1, at::IntArrayRef{0, padding}));
    }
  }
  return out;
}

}  // namespace lumina::vision
