// Memory figures of this process and machine, in bytes.
#pragma once

#include <cstdint>
#include <string>

namespace lumina::device {

// What a process may still allocate: MemAvailable, or less where a control group sets a limit.
std::int64_t available_memory();
// That of the machine, or a control group's limit if it is smaller.
std::int64_t total_memory();
// The resident size of this process, mapped files included.
std::int64_t resident_memory();
// The largest resident size so far, mapped files included.
std::int64_t peak_resident_memory();
// Starts a new peak from the present size (Linux; elsewhere no effect).
void reset_peak_resident_memory();

// Throws Error(kOutOfMemory) with both figures if `needed` exceeds what is available.
void require_memory(std::int64_t needed, const std::string& purpose);

std::string readable_size(std::int64_t bytes);  // "17.4 MiB"

}  // namespace lumina::device
