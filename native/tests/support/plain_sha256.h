// SHA-256 (FIPS 180-4), to compare long lists with the digests that the specification gives.
#pragma once

#include <string>

namespace lumina::testing {

std::string sha256_hex(const std::string& message);  // 64 lower-case hexadecimal digits

}  // namespace lumina::testing
