#include "device/thread_team.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace lumina::device {
namespace {

// Left to others where threads are short: a JVM starts some of its own at any time.
constexpr int kSpared = 2;

}  // namespace

int startable_threads(int wanted) {
  std::mutex mutex;
  std::condition_variable end;
  bool ended = false;
  std::vector<std::thread> threads;
  threads.reserve(std::max(wanted, 0));
  try {
    while (static_cast<int>(threads.size()) < wanted) {
      threads.emplace_back([&] {
        std::unique_lock<std::mutex> lock(mutex);
        end.wait(lock, [&] { return ended; });
      });
    }
  } catch (const std::system_error&) {
    // No more: what was started is the answer.
  }
  {
    const std::lock_guard<std::mutex> lock(mutex);
    ended = true;
  }
  end.notify_all();
  for (auto& thread : threads) thread.join();
  return static_cast<int>(threads.size());
}

int possible_team(int asked) {
  // The answer holds as long as the thread: its team, once started, stays.
  thread_local int asked_before = 0, team = 0;
  if (asked != asked_before) {
    const int wanted = asked - 1 + kSpared;
    const int others = asked > 1 ? startable_threads(wanted) : wanted;
    team = std::max(1, std::min(asked, others - kSpared + 1));
    asked_before = asked;
  }
  return team;
}

void start_team() {
  at::parallel_for(0, at::get_num_threads(), 1, [](std::int64_t, std::int64_t) {});
}

}  // namespace lumina::device
