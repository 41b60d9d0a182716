// Threads that tensor work shares. OpenMP ends the process when it cannot start one, so they are
// tried first, where a failure is only an error.
#pragma once

namespace lumina::device {

// How many of `wanted` threads can live beside those of this process now: starts them, ends them.
int startable_threads(int wanted);

// The size of the calling thread's team: `asked` with that thread itself, or fewer where the system
// starts fewer. At least 1.
int possible_team(int asked);

// Has OpenMP start the team of the calling thread, of at::get_num_threads(); it lasts as long as
// that thread.
void start_team();

}  // namespace lumina::device
