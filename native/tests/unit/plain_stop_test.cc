#include <gtest/gtest.h>

#include <thread>

#include "checkpoint/stop.h"
#include "support/expect_error.h"

namespace lumina::checkpoint {
namespace {

using testing::expect_error;

TEST(StopTest, a_thread_stops_by_its_own_flag_alone) {
  CancellationFlag flag;
  check_stopped();
  set_stop_flag(&flag);
  check_stopped();
  flag.cancel();
  expect_error(ErrorCode::kCancelled, "cancelled", [] { check_stopped(); });
  std::thread([] { check_stopped(); }).join();
  {
    const Unstoppable whole;
    check_stopped();
  }
  expect_error(ErrorCode::kCancelled, "cancelled", [] { check_stopped(); });
  set_stop_flag(nullptr);
  check_stopped();
}

}  // namespace
}  // namespace lumina::checkpoint
