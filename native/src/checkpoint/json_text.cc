#include "checkpoint/json_text.h"

#include <limits>
#include <unordered_set>
#include <vector>

#include "checkpoint/foreign_file.h"
#include "checkpoint/messages.h"

namespace lumina::checkpoint {
namespace {

constexpr int kMaxDepth = 64;

}  // namespace

nlohmann::json parse_json_object(const char* begin, const char* end, const std::string& file,
                                 const std::string& what) {
  using Json = nlohmann::json;
  const std::string prefix = what.empty() ? "" : what + " ";
  std::vector<std::unordered_set<std::string>> keys;  // of the objects that are open
  const auto check = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > kMaxDepth) fail(file, prefix + "nests JSON too deeply");
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key) {
      const auto& key = parsed.get_ref<const std::string&>();
      if (!keys.back().insert(key).second) fail(file, prefix + "names " + quoted(key) + " twice");
    }
    return true;
  };
  if (what.empty()) {
    const std::string foreign = foreign_file(reinterpret_cast<const std::uint8_t*>(begin),
                                             end - begin, file, /*json=*/true);
    if (!foreign.empty()) fail(file, foreign);
  }
  Json json;
  try {
    json = Json::parse(begin, end, check);
  } catch (const Json::parse_error& error) {
    fail(file, prefix + "is not valid JSON (at byte " + std::to_string(error.byte) + ")");
  } catch (const Json::exception&) {
    fail(file, prefix + "holds a JSON number that is out of range");
  }
  if (!json.is_object()) fail(file, prefix + "is not a JSON object");
  return json;
}

bool to_int64(const nlohmann::json& value, std::int64_t* out) {
  if (!value.is_number_integer()) return false;
  if (value.is_number_unsigned() &&
      value.get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
    return false;
  }
  *out = value.get<std::int64_t>();
  return true;
}

}  // namespace lumina::checkpoint
