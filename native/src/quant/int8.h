// Eight bits and a scale per output, fp32: weight = code * scale, code -127 .. 127.
#pragma once

#include "quant/format.h"

namespace lumina::quant {

std::unique_ptr<Format> int8_format();

}  // namespace lumina::quant
