// The stop flag of a thread: how long work that has no flag of its own (loading, encoding, writing
// a folder) is ended. It belongs to the thread because a thread makes one call at a time.
#pragma once

#include "lumina/types.h"

namespace lumina::checkpoint {

// What this thread looks at from now on; must live until it is replaced. Null: nothing.
void set_stop_flag(const CancellationFlag* flag);

// Throws Error(kCancelled) if the flag of this thread is set. Costs next to nothing.
void check_stopped();

// What is done while one lives is finished even if the flag of its thread is set: a checkpoint that
// a stopped run is to go on from.
class Unstoppable {
 public:
  Unstoppable();
  ~Unstoppable();
  Unstoppable(const Unstoppable&) = delete;
  Unstoppable& operator=(const Unstoppable&) = delete;

 private:
  const CancellationFlag* flag_;  // of the thread, put back at the end
};

}  // namespace lumina::checkpoint
