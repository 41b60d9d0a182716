// How many threads are used by default, and how many may be asked for.
#include <gtest/gtest.h>

#include "device/threads.h"
#include "support/expect_error.h"

namespace lumina {
namespace {

using device::ThreadLimits;
using testing::expect_error;

TEST(ThreadsTest, the_default_is_what_is_allowed) {
  struct Case {
    ThreadLimits limits;
    int threads;
    const char* why;
  };
  const Case cases[] = {
      {{8, 8, 0.0}, 8, ""},
      {{8, 1, 0.0}, 1, "of 8; affinity or a CPU set allows no more"},
      {{8, 8, 8.0}, 8, ""},
      {{8, 8, 20.0}, 8, ""},
      {{8, 8, 1.5}, 1, "of 8; the control group has a CPU quota of 1.5"},
      {{8, 8, 0.2}, 1, "of 8; the control group has a CPU quota of 0.2"},
      {{8, 8, 7.99}, 7, "of 8; the control group has a CPU quota of 7.99"},
      {{8, 4, 2.0}, 2, "of 8; the control group has a CPU quota of 2"},
      {{8, 2, 4.0}, 2, "of 8; affinity or a CPU set allows no more"},
      {{1, 1, 0.5}, 1, ""},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(device::default_threads(one.limits), one.threads) << one.limits.cpu_quota;
    EXPECT_EQ(device::describe_default_threads(one.limits), one.why);
    EXPECT_EQ(device::resolve_threads(0, one.limits), one.threads);
  }
}

TEST(ThreadsTest, absurd_numbers_are_refused_with_the_range) {
  const ThreadLimits two{2, 2, 0.0};
  EXPECT_EQ(device::resolve_threads(32, two), 32);
  EXPECT_EQ(device::resolve_threads(256, {64, 1, 0.0}), 256);
  expect_error(ErrorCode::kInvalidArgument,
               "threads must be between 0 (the default: 2) and 32 on this machine of 2 processors "
               "(got 1000)",
               [&] { device::resolve_threads(1000, two); });
  expect_error(ErrorCode::kInvalidArgument, "(got -1)", [&] { device::resolve_threads(-1, two); });
}

TEST(ThreadsTest, this_process_has_limits_that_make_sense) {
  const ThreadLimits limits = device::read_thread_limits();
  EXPECT_GE(limits.allowed, 1);
  EXPECT_GE(limits.machine, limits.allowed);
}

}  // namespace
}  // namespace lumina
