#include "device/threads.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <thread>

#include "device/control_group.h"
#include "lumina/status.h"

namespace lumina::device {
namespace {

// Processors that this thread may run on; 0 if the system does not tell. CPU sets are part of it.
int allowed_processors() {
  for (int size = CPU_SETSIZE; size <= 1 << 20; size *= 4) {
    const std::unique_ptr<cpu_set_t, void (*)(cpu_set_t*)> set(CPU_ALLOC(size),
                                                               [](cpu_set_t* s) { CPU_FREE(s); });
    if (!set) return 0;
    if (::sched_getaffinity(0, CPU_ALLOC_SIZE(size), set.get()) == 0) {
      return CPU_COUNT_S(CPU_ALLOC_SIZE(size), set.get());
    }
  }
  return 0;
}

int whole_processors(double quota) { return std::max(1, static_cast<int>(std::floor(quota))); }

bool quota_decides(const ThreadLimits& limits) {
  return limits.cpu_quota > 0.0 && whole_processors(limits.cpu_quota) < limits.allowed;
}

}  // namespace

ThreadLimits read_thread_limits() {
  ThreadLimits limits;
  limits.machine = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const int allowed = allowed_processors();
  limits.allowed = allowed > 0 ? allowed : limits.machine;
  limits.machine = std::max(limits.machine, limits.allowed);
  limits.cpu_quota = read_group_limits().cpu_quota;
  return limits;
}

int default_threads(const ThreadLimits& limits) {
  return quota_decides(limits) ? whole_processors(limits.cpu_quota) : limits.allowed;
}

std::string describe_default_threads(const ThreadLimits& limits) {
  const std::string machine = std::to_string(limits.machine);
  if (quota_decides(limits)) {
    char quota[32];
    std::snprintf(quota, sizeof quota, "%.4g", limits.cpu_quota);
    return "of " + machine + "; the control group has a CPU quota of " + quota;
  }
  if (limits.allowed < limits.machine) {
    return "of " + machine + "; affinity or a CPU set allows no more";
  }
  return "";
}

int most_threads(const ThreadLimits& limits) { return std::max(32, 4 * limits.machine); }

int resolve_threads(int threads, const ThreadLimits& limits) {
  const int most = most_threads(limits);
  if (threads < 0 || threads > most) {
    throw Error(
        ErrorCode::kInvalidArgument,
        "threads must be between 0 (the default: " + std::to_string(default_threads(limits)) +
            ") and " + std::to_string(most) + " on this machine of " +
            std::to_string(limits.machine) + " processors (got " + std::to_string(threads) + ")");
  }
  return threads == 0 ? default_threads(limits) : threads;
}

}  // namespace lumina::device
