#include "sampling/noise.h"

#include <cmath>

#include "sampling/philox.h"

namespace lumina::sampling {
std::array<std::uint32_t, 4> philox(const std::array<std::uint32_t, 4>& counter,
                                    std::uint64_t key) {
  std::array<std::uint32_t, 4> c = counter;
  philox_words(c.data(), key);
  return c;
}

double uniform(std::uint64_t seed, NoiseStream stream, std::uint32_t position, std::uint32_t pass) {
  const auto words = philox({0u, position, pass, static_cast<std::uint32_t>(stream)}, seed);
  const std::uint64_t bits = (static_cast<std::uint64_t>(words[0] >> 6) << 26) | (words[1] >> 6);
  return (static_cast<double>(bits) + 0.5) * 0x1p-52;
}

double GumbelNoise::operator()(std::int32_t candidate) {
  const std::int64_t block = candidate / 4;
  if (block != block_) {
    words_ = philox({static_cast<std::uint32_t>(block), position_, 0u, stream_}, seed_);
    block_ = block;
  }
  const double u = (words_[candidate % 4] + 0.5) * 0x1p-32;
  return -std::log(-std::log(u));
}

}  // namespace lumina::sampling
