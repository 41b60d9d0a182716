// The devices an engine can run on.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <string>

namespace lumina::device {

// "cpu", "cuda" or "cuda:1". Throws Error(kInvalidArgument) for another name, kDevice with what was
// found instead and a way out for one that this build or machine does not have.
at::Device find_device(const std::string& name);

// Bytes that can still be allocated there.
std::int64_t available_memory(at::Device device);
// Throws Error(kOutOfMemory) with both figures if `needed` exceeds what is available there.
void require_memory(std::int64_t needed, at::Device device, const std::string& purpose);

// "AMD EPYC, 2 threads".
std::string cpu_description();

// All devices as JSON text: name, description, cores, instruction sets, memory in bytes, usable,
// why.
std::string describe_devices();

// Starts the threads that tensor work of the calling thread shares; 0 chooses as many as this
// process may use (threads.h), or fewer where the system starts fewer. Returns the number. Throws
// Error(kInvalidArgument) if out of range, Error(kDevice) if so many cannot be started.
int set_threads(int asked);

// Bytes per second that `threads` threads read from memory: the best of several sweeps over a
// buffer larger than the caches.
double measure_read_bandwidth(int threads);

}  // namespace lumina::device
