#include "api/capture.h"

#include <c10/util/Exception.h>

#include <new>
#include <string>

namespace lumina::api {
namespace {

// Torch appends a C++ stack to its messages; users get the first line.
std::string first_line(const char* text) {
  std::string line(text);
  return line.substr(0, line.find('\n'));
}

void set(Status& status, ErrorCode code, const std::string& message) {
  status.code = static_cast<int>(code);
  status.message = message;
}

}  // namespace

void capture(Status& status, const std::function<void()>& body) noexcept {
  try {
    status = Status{};
    try {
      body();
    } catch (const Error& error) {
      set(status, error.code(), first_line(error.what()));
    } catch (const std::bad_alloc&) {
      set(status, ErrorCode::kOutOfMemory, "out of memory");
    } catch (const c10::OutOfMemoryError& error) {
      set(status, ErrorCode::kOutOfMemory, first_line(error.what_without_backtrace()));
    } catch (const c10::Error& error) {
      const std::string text = first_line(error.what_without_backtrace());
      // The CPU allocator reports exhaustion as a plain error.
      const bool memory = text.find("allocate memory") != std::string::npos;
      set(status, memory ? ErrorCode::kOutOfMemory : ErrorCode::kInternal, text);
    } catch (const std::exception& error) {
      set(status, ErrorCode::kInternal, first_line(error.what()));
    } catch (...) {
      set(status, ErrorCode::kInternal, "unknown exception");
    }
  } catch (...) {
    // Not even the message could be stored.
    status.code = static_cast<int>(ErrorCode::kOutOfMemory);
  }
}

}  // namespace lumina::api
