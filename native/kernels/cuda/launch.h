// What of CUDA's language a C++ compiler cannot read. Without nvcc these names come from
// tests/emulated, where a kernel runs on threads of the CPU.
#pragma once

#include <cuda_bf16.h>
#include <cuda_runtime.h>

#ifdef __CUDACC__
// LUMINA_LAUNCH((kernel), grid, threads, stream, arguments)
#define LUMINA_LAUNCH(kernel, grid, threads, stream, arguments) \
  (LUMINA_UNPACK kernel)<<<grid, threads, 0, stream>>>(arguments)
#define LUMINA_UNPACK(...) __VA_ARGS__
#endif
