// Error text of this folder: always one line, always with the file, whatever bytes a name holds.
#pragma once

#include <string>

namespace lumina::checkpoint {

// `text` in double quotes with control characters escaped, invalid UTF-8 replaced, long text cut.
std::string quoted(const std::string& text);

// Throws Error(kCheckpoint, "<file>: <what>").
[[noreturn]] void fail(const std::string& file, const std::string& what);

}  // namespace lumina::checkpoint
