// The opcodes of Python's pickle format, all versions: those that the machine runs by name, and the
// names of all others for the message that refuses them.
#pragma once

#include <cstdint>

namespace lumina::checkpoint {

// What torch.save emits for a state dict and for a training checkpoint around it.
enum class Opcode : std::uint8_t {
  kMark = '(',
  kStop = '.',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kBinInt2 = 'M',
  kNone = 'N',
  kBinPersId = 'Q',
  kReduce = 'R',
  kBinUnicode = 'X',
  kAppend = 'a',  // APPENDS of a single item
  kBuild = 'b',
  kGlobal = 'c',
  kAppends = 'e',
  kBinGet = 'h',
  kLongBinGet = 'j',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kSetItem = 's',
  kTuple = 't',
  kSetItems = 'u',
  kEmptyDict = '}',
  kEmptyList = ']',
  kEmptyTuple = ')',
  kBinFloat = 'G',
  kProto = 0x80,
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kLong1 = 0x8a,
};

// The name in Python's pickletools; "unknown" for a byte that is no opcode.
const char* opcode_name(std::uint8_t opcode);

}  // namespace lumina::checkpoint
