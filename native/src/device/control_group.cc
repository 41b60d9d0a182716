#include "device/control_group.h"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <vector>

namespace lumina::device {
namespace {

// A hierarchy of groups as it is mounted.
struct Mount {
  bool unified = false;     // version 2
  std::string controllers;  // of version 1: "rw,cpu,cpuacct"
  std::string root;         // the group that lies at the mount point
  std::string point;
};

bool lists(const std::string& list, const std::string& name) {
  return ("," + list + ",").find("," + name + ",") != std::string::npos;
}

// Blanks and the like are written as \040 in mountinfo.
std::string unescaped(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool octal =
        text[i] == '\\' && i + 3 < text.size() && text.find_first_not_of("01234567", i + 1) > i + 3;
    if (octal) {
      plain += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 +
                                 (text[i + 3] - '0'));
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

// See proc_pid_mountinfo(5): ID PARENT DEVICE ROOT POINT OPTIONS [TAGS...] - TYPE SOURCE OPTIONS.
std::vector<Mount> read_mounts(const std::string& root) {
  std::vector<Mount> mounts;
  std::ifstream in(root + "/proc/self/mountinfo");
  for (std::string line; std::getline(in, line);) {
    const std::size_t dash = line.find(" - ");
    if (dash == std::string::npos) continue;
    std::istringstream left(line.substr(0, dash)), right(line.substr(dash + 3));
    std::string skipped, type, source;
    Mount mount;
    left >> skipped >> skipped >> skipped >> mount.root >> mount.point;
    right >> type >> source >> mount.controllers;
    if (type != "cgroup" && type != "cgroup2") continue;
    mount.unified = type == "cgroup2";
    mount.root = unescaped(mount.root);
    mount.point = unescaped(mount.point);
    mounts.push_back(mount);
  }
  return mounts;
}

bool is_folder(const std::string& path) {
  struct stat info;
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

// The group of this process below the mount point: "" or "/a/b". A container may see its own group
// as the root of the mount, under the path that the host knows or under "/".
std::string group_in(const Mount& mount, std::string path, const std::string& root) {
  if (mount.root != "/" && path.compare(0, mount.root.size(), mount.root) == 0 &&
      (path.size() == mount.root.size() || path[mount.root.size()] == '/')) {
    path.erase(0, mount.root.size());
  }
  if (path == "/") path.clear();
  const bool outside = path.find("/..") != std::string::npos;
  return outside || !is_folder(root + mount.point + path) ? "" : path;
}

// A number that stands alone in a file; "max", or the greatest that version 1 knows: no limit.
std::int64_t read_limit(const std::string& file) {
  constexpr std::int64_t kGreatest = std::int64_t{1} << 62;
  std::ifstream in(file);
  std::int64_t value;
  return in >> value && value >= 0 && value < kGreatest ? value : kNoLimit;
}

// "name 123" in a file of such lines; kNoLimit if it is not there.
std::int64_t read_entry(const std::string& file, const std::string& name) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string key;
    std::int64_t value;
    if (words >> key >> value && key == name) return value;
  }
  return kNoLimit;
}

void limit_memory(GroupLimits& limits, std::int64_t limit, std::int64_t used,
                  std::int64_t reclaimable) {
  if (limit == kNoLimit) return;
  limits.memory_limit = std::min(limits.memory_limit, limit);
  if (used == kNoLimit) return;
  // Pages of files that nobody has touched for long go first when memory is wanted.
  if (reclaimable != kNoLimit) used = std::max<std::int64_t>(0, used - reclaimable);
  limits.memory_room = std::min(limits.memory_room, std::max<std::int64_t>(0, limit - used));
}

void limit_quota(GroupLimits& limits, double quota, double period) {
  if (quota <= 0.0 || period <= 0.0) return;
  const double processors = quota / period;
  limits.cpu_quota = limits.cpu_quota == 0.0 ? processors : std::min(limits.cpu_quota, processors);
}

void read_unified(GroupLimits& limits, const std::string& folder) {
  const std::int64_t limit =
      std::min(read_limit(folder + "/memory.max"), read_limit(folder + "/memory.high"));
  limit_memory(limits, limit, read_limit(folder + "/memory.current"),
               read_entry(folder + "/memory.stat", "inactive_file"));
  std::ifstream in(folder + "/cpu.max");  // "max 100000", "150000 100000"
  double quota = 0.0, period = 0.0;
  if (in >> quota >> period) limit_quota(limits, quota, period);
}

void read_memory(GroupLimits& limits, const std::string& folder) {
  const std::string stat = folder + "/memory.stat";
  const std::int64_t used = read_limit(folder + "/memory.usage_in_bytes");
  // The second is that of a group above, which a container may not see.
  std::int64_t above = read_entry(stat, "hierarchical_memory_limit");
  if (above >= std::int64_t{1} << 62) above = kNoLimit;
  limit_memory(limits, std::min(read_limit(folder + "/memory.limit_in_bytes"), above), used,
               read_entry(stat, "total_inactive_file"));
}

void read_cpu(GroupLimits& limits, const std::string& folder) {
  std::ifstream quota_file(folder + "/cpu.cfs_quota_us");  // -1: none
  std::ifstream period_file(folder + "/cpu.cfs_period_us");
  double quota = 0.0, period = 0.0;
  if (quota_file >> quota && period_file >> period) limit_quota(limits, quota, period);
}

// Calls `read` with the folder of the group and of each one above it, as far as they are seen.
template <typename Read>
void upwards(const Mount& mount, std::string group, const std::string& root, const Read& read) {
  while (true) {
    read(root + mount.point + group);
    if (group.empty()) return;
    group.erase(group.rfind('/'));
  }
}

}  // namespace

GroupLimits read_group_limits(const std::string& root) {
  GroupLimits limits;
  const std::vector<Mount> mounts = read_mounts(root);
  std::ifstream in(root + "/proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {  // ID:CONTROLLERS:PATH
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string path = line.substr(second + 1);
    for (const Mount& mount : mounts) {
      if (mount.unified != controllers.empty()) continue;
      const std::string group = group_in(mount, path, root);
      const auto serves = [&](const char* name) {
        return lists(controllers, name) && lists(mount.controllers, name);
      };
      if (mount.unified) {
        upwards(mount, group, root, [&](const std::string& at) { read_unified(limits, at); });
      }
      if (serves("memory")) {
        upwards(mount, group, root, [&](const std::string& at) { read_memory(limits, at); });
      }
      if (serves("cpu")) {
        upwards(mount, group, root, [&](const std::string& at) { read_cpu(limits, at); });
      }
    }
  }
  return limits;
}

}  // namespace lumina::device
