#include "sampling/noise.h"

#include <cmath>

namespace lumina::sampling {
namespace {

constexpr std::uint32_t kMultiplier0 = 0xD2511F53u;
constexpr std::uint32_t kMultiplier1 = 0xCD9E8D57u;
constexpr std::uint32_t kWeyl0 = 0x9E3779B9u;
constexpr std::uint32_t kWeyl1 = 0xBB67AE85u;
constexpr int kRounds = 10;

}  // namespace

std::array<std::uint32_t, 4> philox(const std::array<std::uint32_t, 4>& counter,
                                    std::uint64_t key) {
  std::array<std::uint32_t, 4> c = counter;
  std::uint32_t k0 = static_cast<std::uint32_t>(key);
  std::uint32_t k1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t p0 = static_cast<std::uint64_t>(kMultiplier0) * c[0];
    const std::uint64_t p1 = static_cast<std::uint64_t>(kMultiplier1) * c[2];
    c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ k0, static_cast<std::uint32_t>(p1),
         static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ k1, static_cast<std::uint32_t>(p0)};
    k0 += kWeyl0;
    k1 += kWeyl1;
  }
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
