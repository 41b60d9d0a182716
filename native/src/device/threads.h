// How many threads tensor work may use, and why.
#pragma once

#include <string>

namespace lumina::device {

struct ThreadLimits {
  int machine = 1;         // processors of the machine
  int allowed = 1;         // those that this process may run on: affinity, CPU sets
  double cpu_quota = 0.0;  // processors' worth of time, as 1.5; 0: no quota
};

// Of this process, at this moment.
ThreadLimits read_thread_limits();

// One per allowed processor, and no more than a quota has whole processors for: with a share of one
// too few, all threads of a team wait in every period for the one that was put to sleep. (Two
// threads on a quota of one took twice as long as one.) At least 1.
int default_threads(const ThreadLimits& limits);
// What decided that, to follow the number: "of 8; affinity or a CPU set allows no more". "" if
// nothing but the machine did.
std::string describe_default_threads(const ThreadLimits& limits);

// The most that may be asked for: well above what can be of use, well below what brings a machine
// to a halt.
int most_threads(const ThreadLimits& limits);

// `threads`, or the default for 0. Throws Error(kInvalidArgument) if out of range.
int resolve_threads(int threads, const ThreadLimits& limits);

}  // namespace lumina::device
