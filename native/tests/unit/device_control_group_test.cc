// Limits of made-up machines: trees of /proc and /sys as kernels and container programs lay them
// out.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "device/control_group.h"
#include "support/temporary_folder.h"

namespace lumina {
namespace {

using device::GroupLimits;
using device::kNoLimit;

constexpr std::int64_t kMega = std::int64_t{1} << 20;

class Machine {
 public:
  void file(const std::string& path, const std::string& text) const {
    const std::filesystem::path at = folder_.path() + path;
    std::filesystem::create_directories(at.parent_path());
    std::ofstream(at) << text;
  }
  void groups(const std::string& lines) const { file("/proc/self/cgroup", lines); }
  // Lines of mountinfo: each "ROOT POINT - TYPE SOURCE OPTIONS".
  void mounts(const std::vector<std::string>& lines) const {
    std::string text = "22 1 0:21 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n";
    for (const std::string& line : lines) {
      const std::size_t dash = line.find(" - ");
      text += "30 22 0:26 " + line.substr(0, dash) + " rw,nosuid shared:4 master:2" +
              line.substr(dash) + "\n";
    }
    file("/proc/self/mountinfo", text);
  }
  GroupLimits limits() const { return device::read_group_limits(folder_.path()); }

 private:
  testing::TemporaryFolder folder_;
};

TEST(ControlGroupTest, without_groups_there_is_no_limit) {
  const GroupLimits limits = Machine().limits();
  EXPECT_EQ(limits.memory_room, kNoLimit);
  EXPECT_EQ(limits.memory_limit, kNoLimit);
  EXPECT_EQ(limits.cpu_quota, 0.0);
}

TEST(ControlGroupTest, the_smallest_room_on_the_path_counts_in_version_2) {
  const Machine machine;
  machine.groups("0::/a/b\n");
  machine.mounts({"/ /sys/fs/cgroup - cgroup2 cgroup2 rw,nsdelegate"});
  machine.file("/sys/fs/cgroup/a/b/memory.max", "max\n");
  machine.file("/sys/fs/cgroup/a/b/memory.high", "max\n");
  machine.file("/sys/fs/cgroup/a/b/memory.current", "1048576\n");
  machine.file("/sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
  EXPECT_EQ(machine.limits().memory_room, kNoLimit);
  machine.file("/sys/fs/cgroup/a/memory.max", std::to_string(110 * kMega));
  machine.file("/sys/fs/cgroup/a/memory.current", std::to_string(30 * kMega));
  machine.file("/sys/fs/cgroup/a/cpu.max", "150000 100000\n");
  EXPECT_EQ(machine.limits().memory_room, 80 * kMega);
  EXPECT_EQ(machine.limits().memory_limit, 110 * kMega);
  EXPECT_EQ(machine.limits().cpu_quota, 1.5);
  machine.file("/sys/fs/cgroup/a/b/memory.max", std::to_string(50 * kMega));
  machine.file("/sys/fs/cgroup/a/b/cpu.max", "20000 100000\n");
  EXPECT_EQ(machine.limits().memory_room, 49 * kMega);
  EXPECT_EQ(machine.limits().cpu_quota, 0.2);
  machine.file("/sys/fs/cgroup/a/memory.current", std::to_string(200 * kMega));
  EXPECT_EQ(machine.limits().memory_room, 0);
}

TEST(ControlGroupTest, memory_high_is_a_limit_and_old_pages_of_files_are_room) {
  const Machine machine;
  machine.groups("0::/a\n");
  machine.mounts({"/ /sys/fs/cgroup - cgroup2 cgroup2 rw"});
  machine.file("/sys/fs/cgroup/a/memory.max", std::to_string(100 * kMega));
  machine.file("/sys/fs/cgroup/a/memory.high", std::to_string(80 * kMega));
  machine.file("/sys/fs/cgroup/a/memory.current", std::to_string(70 * kMega));
  EXPECT_EQ(machine.limits().memory_room, 10 * kMega);
  machine.file("/sys/fs/cgroup/a/memory.stat",
               "anon 1\nfile 2\ninactive_file " + std::to_string(25 * kMega) + "\n");
  EXPECT_EQ(machine.limits().memory_room, 35 * kMega);
}

TEST(ControlGroupTest, version_1_has_a_hierarchy_for_each_controller) {
  const Machine machine;
  machine.groups(
      "9:name=systemd:/x\n4:memory:/docker/7f\n2:cpu,cpuacct:/docker/7f\n1:cpuset:/\n0::/\n");
  machine.mounts({"/ /sys/fs/cgroup/memory - cgroup cgroup rw,memory",
                  "/ /sys/fs/cgroup/cpu,cpuacct - cgroup cgroup rw,cpu,cpuacct",
                  "/ /sys/fs/cgroup/systemd - cgroup cgroup rw,xattr,name=systemd",
                  "/ /sys/fs/cgroup/unified - cgroup2 cgroup2 rw"});
  const std::string memory = "/sys/fs/cgroup/memory/docker/7f";
  machine.file("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  machine.file("/sys/fs/cgroup/memory/memory.usage_in_bytes", "999\n");
  machine.file(memory + "/memory.limit_in_bytes", std::to_string(110 * kMega));
  machine.file(memory + "/memory.usage_in_bytes", std::to_string(60 * kMega));
  machine.file(memory + "/memory.stat",
               "cache 5\nhierarchical_memory_limit 9223372036854771712\n"
               "total_inactive_file " +
                   std::to_string(20 * kMega));
  machine.file("/sys/fs/cgroup/cpu,cpuacct/docker/7f/cpu.cfs_quota_us", "250000\n");
  machine.file("/sys/fs/cgroup/cpu,cpuacct/docker/7f/cpu.cfs_period_us", "100000\n");
  machine.file("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
  machine.file("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(machine.limits().memory_room, 70 * kMega);
  EXPECT_EQ(machine.limits().memory_limit, 110 * kMega);
  EXPECT_EQ(machine.limits().cpu_quota, 2.5);
  // A limit of a group above that is not mounted here.
  machine.file(memory + "/memory.stat", "hierarchical_memory_limit " + std::to_string(90 * kMega));
  EXPECT_EQ(machine.limits().memory_room, 30 * kMega);
}

TEST(ControlGroupTest, a_container_sees_its_own_group_as_the_root) {
  const Machine machine;
  machine.mounts({"/docker/7f /sys/fs/cgroup/memory - cgroup cgroup ro,memory"});
  machine.file("/sys/fs/cgroup/memory/memory.limit_in_bytes", std::to_string(64 * kMega));
  machine.file("/sys/fs/cgroup/memory/memory.usage_in_bytes", "0\n");
  for (const char* path : {"/docker/7f", "/", "/../..", "/elsewhere"}) {
    machine.groups(std::string("4:memory:") + path + "\n");
    EXPECT_EQ(machine.limits().memory_room, 64 * kMega) << path;
  }
  machine.groups("4:memory:/docker/7f/inner\n");
  machine.file("/sys/fs/cgroup/memory/inner/memory.limit_in_bytes", std::to_string(32 * kMega));
  machine.file("/sys/fs/cgroup/memory/inner/memory.usage_in_bytes", "0\n");
  EXPECT_EQ(machine.limits().memory_room, 32 * kMega);
}

TEST(ControlGroupTest, mount_points_are_where_mountinfo_says) {
  const Machine machine;
  machine.groups("0::/a\n");
  machine.mounts({"/ /dev/my\\040groups - cgroup2 none rw"});
  machine.file("/dev/my groups/a/memory.max", std::to_string(7 * kMega));
  machine.file("/dev/my groups/a/memory.current", "0\n");
  EXPECT_EQ(machine.limits().memory_room, 7 * kMega);
}

TEST(ControlGroupTest, nonsense_sets_no_limit) {
  const Machine machine;
  machine.groups("\n:\n0\n0::\nx:memory:/a\n0::/a\n");
  machine.mounts({"/ /sys/fs/cgroup - cgroup2 cgroup2 rw", "/ /m - cgroup cgroup rw,memory"});
  machine.file("/proc/self/mountinfo.bak", "");
  machine.file("/sys/fs/cgroup/a/memory.max", "a lot\n");
  machine.file("/sys/fs/cgroup/a/memory.current", "\n");
  machine.file("/sys/fs/cgroup/a/cpu.max", "1000\n");
  machine.file("/m/memory.limit_in_bytes", "-1\n");
  EXPECT_EQ(machine.limits().memory_room, kNoLimit);
  EXPECT_EQ(machine.limits().cpu_quota, 0.0);
}

}  // namespace
}  // namespace lumina
