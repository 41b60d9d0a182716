#include "decoding/monitor.h"

#include "lumina/status.h"

namespace lumina::decoding {
namespace {

[[noreturn]] void stop() { throw Error(ErrorCode::kCancelled, "the request was cancelled"); }

}  // namespace

Monitor::Monitor(Observer* observer, const CancellationFlag* flag)
    : observer_(observer), flag_(flag), start_(std::chrono::steady_clock::now()) {}

double Monitor::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void Monitor::check() const {
  if (flag_ != nullptr && flag_->is_cancelled()) stop();
}

void Monitor::report(Progress progress) const {
  progress.seconds = seconds();
  if (observer_ != nullptr && !observer_->on_progress(progress)) stop();
  check();
}

}  // namespace lumina::decoding
