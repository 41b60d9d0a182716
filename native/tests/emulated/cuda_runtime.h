// CUDA kernels on a CPU, so that tests can hold them against their twins without a GPU: blocks run
// one after the other, each with one thread per CUDA thread, whose barriers and shuffles meet. It
// shows whether indices, masks and sums are right, not whether a GPU's memory model is respected.
#pragma once

#include <algorithm>
#include <barrier>
#include <cmath>
#include <memory>
#include <thread>
#include <vector>

#define __global__
#define __host__
#define __device__
#define __launch_bounds__(threads)
#define __shared__ static  // blocks run one after the other

struct dim3 {
  dim3(unsigned first = 1, unsigned second = 1, unsigned third = 1)
      : x(first), y(second), z(third) {}
  unsigned x, y, z;
};
struct float4 {
  float x, y, z, w;
};
struct uint4 {
  unsigned x, y, z, w;
};
struct uint2 {
  unsigned x, y;
};
using cudaStream_t = void*;

inline float __expf(float x) { return std::exp(x); }

namespace lumina::emulated {

// The block that runs.
struct Block {
  explicit Block(unsigned threads) : all(threads), exchange(threads) {
    for (unsigned first = 0; first < threads; first += 32) {
      warps.push_back(std::make_unique<std::barrier<>>(std::min(32u, threads - first)));
    }
  }
  std::barrier<> all;
  std::vector<std::unique_ptr<std::barrier<>>> warps;
  std::vector<float> exchange;
};

inline Block* block = nullptr;

}  // namespace lumina::emulated

inline thread_local dim3 threadIdx, blockIdx;

inline void __syncthreads() { lumina::emulated::block->all.arrive_and_wait(); }

// By all lanes of a warp.
inline float __shfl_xor_sync(unsigned, float value, int mask) {
  const unsigned thread = threadIdx.x;
  auto& block = *lumina::emulated::block;
  block.exchange[thread] = value;
  block.warps[thread / 32]->arrive_and_wait();
  const float other = block.exchange[thread ^ static_cast<unsigned>(mask)];
  block.warps[thread / 32]->arrive_and_wait();
  return other;
}

namespace lumina::emulated {

template <typename Kernel, typename Arguments>
void launch(const Kernel& kernel, const dim3& grid, unsigned threads, const Arguments& arguments) {
  for (unsigned z = 0; z < grid.z; ++z) {
    for (unsigned y = 0; y < grid.y; ++y) {
      for (unsigned x = 0; x < grid.x; ++x) {
        Block here(threads);
        block = &here;
        std::vector<std::thread> running;
        for (unsigned thread = 0; thread < threads; ++thread) {
          running.emplace_back([&, thread] {
            threadIdx = dim3(thread);
            blockIdx = dim3(x, y, z);
            kernel(arguments);
          });
        }
        for (std::thread& one : running) one.join();
      }
    }
  }
}

}  // namespace lumina::emulated

#define LUMINA_UNPACK(...) __VA_ARGS__
#define LUMINA_LAUNCH(kernel, grid, threads, stream, arguments)                                 \
  lumina::emulated::launch([](const auto& all) { (LUMINA_UNPACK kernel)(all); }, grid, threads, \
                           ((void)(stream), arguments))
