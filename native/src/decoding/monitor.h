// The clock, the observer and the stop flag of one request.
#pragma once

#include <chrono>

#include "lumina/types.h"

namespace lumina::decoding {

class Monitor {
 public:
  // Both may be null and must outlive the monitor. The clock starts here.
  explicit Monitor(Observer* observer = nullptr, const CancellationFlag* flag = nullptr);

  double seconds() const;  // since the request began

  // Throws Error(kCancelled) if the flag is set.
  void check() const;
  // Fills in the seconds, tells the observer, then check()s; throws kCancelled if it says stop.
  void report(Progress progress) const;

 private:
  Observer* observer_;
  const CancellationFlag* flag_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace lumina::decoding
