// Kinds of failure. The set is closed: callers branch on the code, people read the message.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace lumina {

enum class ErrorCode : int {
  kOk = 0,
  kInvalidArgument = 1,  // the request or an option cannot be served as given
  kCheckpoint = 2,       // a model file is missing, damaged, incomplete or of another model
  kOutOfMemory = 3,      // host or device memory does not suffice
  kDevice = 4,           // the device is absent, unsupported or lost
  kCancelled = 5,        // the caller asked to stop
  kIncomplete = 6,       // the picture ended before its last row
  kNumerical = 7,        // NaN or infinity where a number belongs
  kIo = 8,               // reading or writing some other file failed
  kInternal = 9,         // a defect of this program
};

// Thrown inside the engine; src/api turns it into a Status and lets nothing else out.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

// What a call across the boundary reports: a code and one line of text, UTF-8.
struct Status {
  int code = 0;  // an ErrorCode
  std::string message;
};

}  // namespace lumina
