#include "device/memory.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "device/control_group.h"
#include "lumina/status.h"

namespace lumina::device {
namespace {

constexpr std::int64_t kUnknown = kNoLimit;

// The value of "Key:   123 kB" in a /proc file, in bytes.
std::int64_t proc_kilobytes(const char* file, const std::string& key) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.compare(0, key.size(), key) == 0) {
      return std::stoll(line.substr(key.size())) * 1024;
    }
  }
  return kUnknown;
}

}  // namespace

std::int64_t available_memory() {
  return std::min(proc_kilobytes("/proc/meminfo", "MemAvailable:"),
                  read_group_limits().memory_room);
}

std::int64_t total_memory() {
  return std::min(proc_kilobytes("/proc/meminfo", "MemTotal:"), read_group_limits().memory_limit);
}

namespace {

std::int64_t own_memory(const std::string& key) {
  const std::int64_t bytes = proc_kilobytes("/proc/self/status", key);
  return bytes == kUnknown ? 0 : bytes;
}

}  // namespace

std::int64_t resident_memory() { return own_memory("VmRSS:"); }

std::int64_t peak_resident_memory() { return own_memory("VmHWM:"); }

void reset_peak_resident_memory() {
  std::ofstream("/proc/self/clear_refs") << "5";  // see proc(5)
}

void require_memory(std::int64_t needed, const std::string& purpose) {
  const std::int64_t available = available_memory();
  if (needed > available) {
    throw Error(ErrorCode::kOutOfMemory, purpose + " needs " + readable_size(needed) + ", only " +
                                             readable_size(available) + " are available");
  }
}

std::string readable_size(std::int64_t bytes) {
  constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (size >= 1024.0 && unit + 1 < std::size(kUnits)) {
    size /= 1024.0;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", size, kUnits[unit]);
  return text;
}

}  // namespace lumina::device
