// The formats by name.
#pragma once

#include <string>
#include <vector>

#include "quant/format.h"

namespace lumina::quant {

// "int8", or "int4" with optional group size and method: "int4:64", "int4:hqq", "int4:32:rtn". The
// result lives as long as the program. Throws Error(kInvalidArgument) for anything else.
const Format& find_format(const std::string& name);

// The full names of all formats.
std::vector<std::string> format_names();

}  // namespace lumina::quant
