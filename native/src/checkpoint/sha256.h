// SHA-256 (FIPS 180-4).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace lumina::checkpoint {

class Sha256 {
 public:
  Sha256();
  void add(const void* data, std::size_t bytes);
  // 64 lower-case hexadecimal digits; nothing may be added afterwards.
  std::string finish();

 private:
  void mix(const std::uint8_t* block);  // 64 bytes

  std::array<std::uint32_t, 8> state_;
  std::array<std::uint8_t, 64> rest_{};
  std::uint64_t bytes_ = 0;
};

std::string sha256_hex(const std::string& message);

// Of a file, read piece by piece; `between` is called after each. Throws Error(kCheckpoint) if it
// cannot be read, and what `between` throws.
std::string sha256_of_file(const std::string& path, const std::function<void()>& between);

}  // namespace lumina::checkpoint
