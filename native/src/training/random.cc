#include "training/random.h"

#include <ATen/CPUGeneratorImpl.h>

#include <numeric>
#include <utility>

#include "sampling/noise.h"

namespace lumina::training {

std::uint64_t random_word(std::uint64_t seed, Draw draw, std::uint64_t a, std::uint32_t b) {
  const auto words =
      sampling::philox({static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(a >> 32), b,
                        static_cast<std::uint32_t>(draw)},
                       seed);
  return std::uint64_t{words[0]} << 32 | words[1];
}

std::int64_t random_index(std::uint64_t seed, Draw draw, std::uint64_t a, std::uint32_t b,
                          std::int64_t count) {
  // The high half of a product: a bias below count / 2^64.
  __extension__ using Wide = unsigned __int128;
  const Wide product = Wide{random_word(seed, draw, a, b)} * static_cast<std::uint64_t>(count);
  return static_cast<std::int64_t>(product >> 64);
}

double random_unit(std::uint64_t seed, Draw draw, std::uint64_t a, std::uint32_t b) {
  return static_cast<double>(random_word(seed, draw, a, b) >> 11) * 0x1p-53;
}

std::vector<std::int64_t> permutation(std::int64_t count, std::uint64_t seed, Draw draw,
                                      std::uint64_t a) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  for (std::int64_t i = count - 1; i > 0; --i) {  // Fisher and Yates
    std::swap(order[i], order[random_index(seed, draw, a, static_cast<std::uint32_t>(i), i + 1)]);
  }
  return order;
}

at::Generator generator(std::uint64_t seed, const std::string& name) {
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return at::detail::createCPUGenerator(hash ^ (seed * 0x9e3779b97f4a7c15u));
}

at::Generator generator(std::uint64_t seed, Draw draw, std::uint64_t a, std::uint32_t b) {
  return at::detail::createCPUGenerator(random_word(seed, draw, a, b));
}

}  // namespace lumina::training
