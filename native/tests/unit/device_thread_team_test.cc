#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "device/devices.h"
#include "device/thread_team.h"
#include "support/expect_error.h"

namespace lumina::device {
namespace {

TEST(ThreadTeamTest, threads_that_can_be_started_are_counted) {
  EXPECT_EQ(startable_threads(0), 0);
  EXPECT_EQ(startable_threads(5), 5);
  EXPECT_EQ(possible_team(1), 1);
  EXPECT_EQ(possible_team(3), 3);
  EXPECT_EQ(possible_team(3), 3);
}

TEST(ThreadTeamTest, a_team_is_that_of_its_thread) {
  std::thread([] {
    EXPECT_EQ(set_threads(3), 3);
    EXPECT_EQ(at::get_num_threads(), 3);
    std::atomic<int> parts{0};
    at::parallel_for(0, 3, 1, [&](std::int64_t, std::int64_t) { ++parts; });
    EXPECT_EQ(parts, 3);
    EXPECT_EQ(set_threads(1), 1);
    EXPECT_EQ(at::get_num_threads(), 1);
  }).join();
}

// Runs `check` in a child whose user may have no more threads than it has; root is exempt, so it
// becomes somebody else first. False if that is not possible here.
template <typename Check>
bool with_a_limit(int more, Check check) {
  const pid_t child = ::fork();
  if (child == 0) {
    constexpr uid_t kNobodyElse = 54321;  // has no other process
    const rlimit limit{static_cast<rlim_t>(1 + more), static_cast<rlim_t>(1 + more)};
    if (::setrlimit(RLIMIT_NPROC, &limit) != 0 || ::setuid(kNobodyElse) != 0) ::_exit(2);
    ::_exit(check() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 2) return false;
  EXPECT_TRUE(WIFEXITED(status)) << status;
  EXPECT_EQ(WEXITSTATUS(status), 0);
  return true;
}

TEST(ThreadTeamTest, a_limit_is_found_before_openmp_meets_it) {
  const bool possible = with_a_limit(5, [] {
    // Five can live; two are spared for others, so the team is of four with its own thread.
    if (startable_threads(20) != 5 || possible_team(20) != 4) return false;
    try {
      set_threads(20);
      return false;
    } catch (const Error& error) {
      return error.code() == ErrorCode::kDevice &&
             std::string(error.what()).find("the system allows 4") != std::string::npos;
    }
  });
  if (!possible) GTEST_SKIP() << "the user of a process cannot be changed here";
}

}  // namespace
}  // namespace lumina::device
