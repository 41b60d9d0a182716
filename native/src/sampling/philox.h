// Philox4x32-10 (Salmon et al., 2011), for the CPU and for CUDA.
#pragma once

#include <cstdint>

#ifdef __CUDACC__
#define LUMINA_EVERYWHERE __host__ __device__
#else
#define LUMINA_EVERYWHERE
#endif

namespace lumina::sampling {

// Turns a 128-bit counter into four random words under a 64-bit key.
LUMINA_EVERYWHERE inline void philox_words(std::uint32_t words[4], std::uint64_t key) {
  std::uint32_t k0 = static_cast<std::uint32_t>(key);
  std::uint32_t k1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53u} * words[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57u} * words[2];
    words[0] = static_cast<std::uint32_t>(p1 >> 32) ^ words[1] ^ k0;
    words[2] = static_cast<std::uint32_t>(p0 >> 32) ^ words[3] ^ k1;
    words[1] = static_cast<std::uint32_t>(p1);
    words[3] = static_cast<std::uint32_t>(p0);
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
}

}  // namespace lumina::sampling
