#include "checkpoint/messages.h"

#include <nlohmann/json.hpp>

#include "lumina/status.h"

namespace lumina::checkpoint {
namespace {

constexpr std::size_t kLongestName = 200;  // bytes of a name that a message shows

std::string escaped(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string quoted(const std::string& text) {
  if (text.size() <= kLongestName) return escaped(text);
  return escaped(text.substr(0, kLongestName) + "...");
}

void fail(const std::string& file, const std::string& what) {
  const std::string name = escaped(file);
  throw Error(ErrorCode::kCheckpoint, name.substr(1, name.size() - 2) + ": " + what);
}

}  // namespace lumina::checkpoint
