#include "kernels/cuda/kernels.h"
#include "kernels/cuda/launch.h"
#include "sampling/philox.h"

namespace lumina::kernels::cuda {
namespace {

constexpr int kThreads = 256;

// A thread for every candidate; four neighbours compute the same words, which costs less than
// sharing them.
__global__ void gumbel(GumbelArguments arguments) {
  const std::int64_t row = blockIdx.y;
  const std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (i >= arguments.count) return;
  const std::int64_t candidate = arguments.first_id + i;
  std::uint32_t words[4] = {static_cast<std::uint32_t>(candidate / 4),
                            static_cast<std::uint32_t>(arguments.positions[row]), 0u,
                            arguments.stream};
  sampling::philox_words(words,
                         static_cast<std::uint64_t>(arguments.seeds[row / arguments.window]));
  const double u = (words[candidate % 4] + 0.5) * 0x1p-32;
  arguments.noise[row * arguments.count + i] = -log(-log(u));
}

}  // namespace

void fill_gumbel(const GumbelArguments& arguments, void* stream) {
  const std::int64_t rows = arguments.pictures * arguments.window;
  if (rows == 0 || arguments.count == 0) return;
  const dim3 grid(static_cast<unsigned>((arguments.count + kThreads - 1) / kThreads),
                  static_cast<unsigned>(rows));
  LUMINA_LAUNCH((gumbel), grid, kThreads, static_cast<cudaStream_t>(stream), arguments);
}

}  // namespace lumina::kernels::cuda
