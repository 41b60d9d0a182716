#include "checkpoint/sha256.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <system_error>
#include <vector>

#include "checkpoint/messages.h"

namespace lumina::checkpoint {
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

Sha256::Sha256() : state_(prime_roots<8>(2)) {}

void Sha256::mix(const std::uint8_t* block) {
  static const auto k = prime_roots<64>(3);
  std::array<std::uint32_t, 64> w{};
  for (int i = 0; i < 64; ++i) w[i / 4] |= static_cast<std::uint32_t>(block[i]) << (24 - i % 4 * 8);
  for (int i = 16; i < 64; ++i) {
    const auto s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >> 3);
    const auto s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  auto [a, b, c, d, e, f, g, h] = state_;
  for (int i = 0; i < 64; ++i) {
    const auto s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const auto t1 = h + s1 + ((e & f) ^ (~e & g)) + k[i] + w[i];
    const auto s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const auto t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
  }
  const std::array<std::uint32_t, 8> round = {a, b, c, d, e, f, g, h};
  for (int i = 0; i < 8; ++i) state_[i] += round[i];
}

void Sha256::add(const void* data, std::size_t bytes) {
  const auto* next = static_cast<const std::uint8_t*>(data);
  while (bytes > 0) {
    const std::size_t held = bytes_ % rest_.size();
    const std::size_t taken = std::min(bytes, rest_.size() - held);
    std::memcpy(rest_.data() + held, next, taken);
    if (held + taken == rest_.size()) mix(rest_.data());
    bytes_ += taken;
    next += taken;
    bytes -= taken;
  }
}

std::string Sha256::finish() {
  const std::uint64_t bits = bytes_ * 8;
  const std::uint8_t one = 0x80;
  const std::uint8_t zero = 0;
  add(&one, 1);
  while (bytes_ % rest_.size() != 56) add(&zero, 1);
  for (int i = 7; i >= 0; --i) {
    const auto byte = static_cast<std::uint8_t>(bits >> (8 * i));
    add(&byte, 1);
  }
  std::string hex;
  for (const std::uint32_t word : state_) {
    char digits[9];
    std::snprintf(digits, sizeof digits, "%08x", word);
    hex += digits;
  }
  return hex;
}

std::string sha256_hex(const std::string& message) {
  Sha256 sum;
  sum.add(message.data(), message.size());
  return sum.finish();
}

std::string sha256_of_file(const std::string& path, const std::function<void()>& between) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  std::vector<char> piece(std::size_t{4} << 20);
  Sha256 sum;
  while (in) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    sum.add(piece.data(), static_cast<std::size_t>(in.gcount()));
    between();
  }
  if (!in.eof()) {
    fail(path,
         "cannot be read" + (errno == 0 ? "" : ": " + std::generic_category().message(errno)));
  }
  return sum.finish();
}

}  // namespace lumina::checkpoint
