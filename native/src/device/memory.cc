#include "device/memory.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <limits>
#include <sstream>

#include "lumina/status.h"

namespace lumina::device {
namespace {

constexpr std::int64_t kUnknown = std::numeric_limits<std::int64_t>::max();

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

std::int64_t read_number(const std::string& file) {
  std::ifstream in(file);
  std::int64_t value;
  return in >> value ? value : kUnknown;  // "max" is not a number: no limit
}

// Limit minus use of this process's control group, version 2, from the group up to the root.
std::int64_t control_group_room() {
  std::ifstream in("/proc/self/cgroup");
  std::int64_t room = kUnknown;
  for (std::string line; std::getline(in, line);) {
    if (line.compare(0, 3, "0::") != 0) continue;
    std::string group = line.substr(3);
    while (true) {
      const std::string folder = "/sys/fs/cgroup" + group;
      const std::int64_t limit = read_number(folder + "/memory.max");
      const std::int64_t used = read_number(folder + "/memory.current");
      if (limit != kUnknown && used != kUnknown) {
        room = std::min(room, std::max<std::int64_t>(0, limit - used));
      }
      if (group.empty() || group == "/") break;
      group.erase(group.rfind('/'));
    }
  }
  return room;
}

}  // namespace

std::int64_t available_memory() {
  return std::min(proc_kilobytes("/proc/meminfo", "MemAvailable:"), control_group_room());
}

std::int64_t total_memory() { return proc_kilobytes("/proc/meminfo", "MemTotal:"); }

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
    throw Error(ErrorCode::kOutOfMemory, purpose + " needs " + gigabytes(needed) + ", only " +
                                             gigabytes(available) + " are available");
  }
}

std::string gigabytes(std::int64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f GB", static_cast<double>(bytes) / 1e9);
  return text;
}

}  // namespace lumina::device
