#include "support/plain_sha256.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>

namespace lumina::testing {
namespace {

// The first 32 bits of the fractional parts of the `degree`-th roots of the first primes.
template <std::size_t N>
std::array<std::uint32_t, N> prime_roots(int degree) {
  std::array<std::uint32_t, N> words{};
  std::size_t found = 0;
  for (int candidate = 2; found < N; ++candidate) {
    bool prime = true;
    for (int d = 2; d * d <= candidate; ++d) prime = prime && candidate % d != 0;
    if (!prime) continue;
    const long double root = degree == 2 ? std::sqrt(static_cast<long double>(candidate))
                                         : std::cbrt(static_cast<long double>(candidate));
    words[found++] = static_cast<std::uint32_t>((root - std::floor(root)) * 4294967296.0L);
  }
  return words;
}

std::uint32_t rotate(std::uint32_t x, int n) { return (x >> n) | (x << (32 - n)); }

}  // namespace

std::string sha256_hex(const std::string& message) {
  static const auto k = prime_roots<64>(3);
  auto state = prime_roots<8>(2);
  std::string padded = message + '\x80';
  padded.resize((padded.size() + 8 + 63) / 64 * 64, '\0');
  const std::uint64_t bits = static_cast<std::uint64_t>(message.size()) * 8;
  for (int i = 0; i < 8; ++i) {
    padded[padded.size() - 1 - i] = static_cast<char>(bits >> (8 * i) & 0xFF);
  }
  for (std::size_t block = 0; block < padded.size(); block += 64) {
    std::array<std::uint32_t, 64> w{};
    for (int i = 0; i < 64; ++i) {
      const auto byte = static_cast<unsigned char>(padded[block + i]);
      w[i / 4] |= static_cast<std::uint32_t>(byte) << (24 - i % 4 * 8);
    }
    for (int i = 16; i < 64; ++i) {
      const auto s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >> 3);
      const auto s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >> 10);
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    auto [a, b, c, d, e, f, g, h] = state;
    for (int i = 0; i < 64; ++i) {
      const auto s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      const auto t1 = h + s1 + ((e & f) ^ (~e & g)) + k[i] + w[i];
      const auto s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      const auto t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
      h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    const std::array<std::uint32_t, 8> round = {a, b, c, d, e, f, g, h};
    for (int i = 0; i < 8; ++i) state[i] += round[i];
  }
  std::string hex;
  for (const std::uint32_t word : state) {
    char digits[9];
    std::snprintf(digits, sizeof digits, "%08x", word);
    hex += digits;
  }
  return hex;
}

}  // namespace lumina::testing
