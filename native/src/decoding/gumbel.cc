#include "decoding/gumbel.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include "device/cuda.h"

namespace lumina::decoding {

void fill_gumbel(const at::Tensor& seeds, const at::Tensor& positions, sampling::NoiseStream stream,
                 std::int64_t first_id, const at::Tensor& noise) {
  if (noise.is_cuda()) {
    device::cuda::fill_gumbel(seeds, positions, static_cast<std::uint32_t>(stream), first_id,
                              noise);
    return;
  }
  const std::int64_t window = noise.size(1), count = noise.size(2);
  const auto* seed = seeds.const_data_ptr<std::int64_t>();
  const auto* position = positions.const_data_ptr<std::int64_t>();
  auto* out = noise.data_ptr<double>();
  at::parallel_for(0, noise.size(0) * window, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      sampling::GumbelNoise draw(static_cast<std::uint64_t>(seed[row / window]), stream,
                                 static_cast<std::uint32_t>(position[row]));
      for (std::int64_t i = 0; i < count; ++i) {
        out[row * count + i] = draw(static_cast<std::int32_t>(first_id + i));
      }
    }
  });
}

}  // namespace lumina::decoding
