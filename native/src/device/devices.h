// The devices an engine can run on.
#pragma once

#include <string>

namespace lumina::device {

// Throws Error(kInvalidArgument) for an unknown name, kDevice for one that this build cannot serve.
void require_device(const std::string& name);

// "AMD EPYC, 2 threads".
std::string cpu_description();

// All devices as JSON text: name, description, cores, instruction sets, memory in bytes, usable,
// why.
std::string describe_devices();

// Threads for tensor work, process-wide; 0 chooses one per core. Returns the number.
int set_threads(int threads);

// Bytes per second that `threads` threads read from memory: the best of several sweeps over a
// buffer larger than the caches.
double measure_read_bandwidth(int threads);

}  // namespace lumina::device
