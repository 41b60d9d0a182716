// Writing quantised model folders, with progress and a way to stop.
#pragma once

#include <string>

#include "lumina/types.h"

namespace lumina::api {

// Progress is told as kEncode with tokens_done of tokens_total, in thousandths of the work. Throws
// Error as model::write_quantized() does, kInvalidArgument for an unknown format, kCancelled.
void run_quantize(const std::string& from, const std::string& format, const std::string& to,
                  Observer* observer, const CancellationFlag* flag);

}  // namespace lumina::api
