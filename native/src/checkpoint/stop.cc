#include "checkpoint/stop.h"

#include "lumina/status.h"

namespace lumina::checkpoint {
namespace {

thread_local const CancellationFlag* flag_of_thread = nullptr;

}  // namespace

void set_stop_flag(const CancellationFlag* flag) { flag_of_thread = flag; }

void check_stopped() {
  if (flag_of_thread != nullptr && flag_of_thread->is_cancelled()) {
    throw Error(ErrorCode::kCancelled, "the call was cancelled");
  }
}

Unstoppable::Unstoppable() : flag_(flag_of_thread) { flag_of_thread = nullptr; }
Unstoppable::~Unstoppable() { flag_of_thread = flag_; }

}  // namespace lumina::checkpoint
