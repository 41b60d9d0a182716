// What the control groups that a process is in leave it: memory and processor time. Versions 1 and
// 2, and both at a time; where they lie is read from mountinfo.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace lumina::device {

constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

struct GroupLimits {
  // Bytes that may still be allocated: of every group from that of the process up to the root, the
  // limit minus what is used and cannot be taken back; the smallest. kNoLimit without a limit.
  std::int64_t memory_room = kNoLimit;
  // The smallest of those limits. memory.high counts as one: beyond it the kernel slows a group
  // down until hardly anything moves.
  std::int64_t memory_limit = kNoLimit;
  // Processors' worth of time per period, as 1.5; 0 without a quota.
  double cpu_quota = 0.0;
};

// Reads <root>/proc/self/cgroup and mountinfo, and the files they lead to below `root`: "" for this
// process, another folder for a made-up one. What cannot be read sets no limit.
GroupLimits read_group_limits(const std::string& root = "");

}  // namespace lumina::device
