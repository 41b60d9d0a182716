#include "lumina/bindings.h"

#include "api/capture.h"
#include "device/devices.h"

namespace lumina {

const char* version() noexcept { return LUMINA_VERSION; }

const char* error_code_name(int code) noexcept {
  switch (static_cast<ErrorCode>(code)) {
    case ErrorCode::kOk: return "ok";
    case ErrorCode::kInvalidArgument: return "invalid-argument";
    case ErrorCode::kCheckpoint: return "checkpoint";
    case ErrorCode::kOutOfMemory: return "out-of-memory";
    case ErrorCode::kDevice: return "device";
    case ErrorCode::kCancelled: return "cancelled";
    case ErrorCode::kIncomplete: return "incomplete";
    case ErrorCode::kNumerical: return "numerical";
    case ErrorCode::kIo: return "io";
    case ErrorCode::kInternal: return "internal";
  }
  return nullptr;
}

void devices(Text& json, Status& status) noexcept {
  api::capture(status, [&] { json.value = device::describe_devices(); });
}

}  // namespace lumina
