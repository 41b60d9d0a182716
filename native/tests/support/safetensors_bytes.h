// Bytes of safetensors files, right and wrong ones.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace lumina::testing {

// `bytes` bytes of `value`, least significant first.
inline std::string little_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

template <typename Number>
std::string raw_bytes(const std::vector<Number>& values) {
  return std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Number));
}

// Length, `header` padded with blanks to a multiple of eight, `data`.
inline std::string safetensors_bytes(std::string header, const std::string& data) {
  header.resize((header.size() + 7) / 8 * 8, ' ');
  return little_endian(header.size(), 8) + header + data;
}

}  // namespace lumina::testing
