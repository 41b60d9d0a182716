#include "checkpoint/json_text.h"

#include <limits>
#include <unordered_set>
#include <vector>

#include "checkpoint/foreign_file.h"
#include "checkpoint/messages.h"

namespace lumina::checkpoint {
namespace {

constexpr int kMaxDepth = 64;

// `text` with Python's words for what is no number in quotes.
std::string with_quoted_words(const std::string& text) {
  std::string result;
  result.reserve(text.size());
  bool inside = false;  // a text
  for (std::size_t i = 0; i < text.size();) {
    if (inside) {
      const std::size_t length = text[i] == '\\' && i + 1 < text.size() ? 2 : 1;
      if (text[i] == '"') inside = false;
      result.append(text, i, length);
      i += length;
      continue;
    }
    std::string word;
    for (const char* candidate : {"NaN", "Infinity", "-Infinity"}) {
      if (text.compare(i, std::char_traits<char>::length(candidate), candidate) == 0) {
        word = candidate;
      }
    }
    if (!word.empty()) {
      result += '"' + word + '"';
      i += word.size();
      continue;
    }
    inside = text[i] == '"';
    result += text[i++];
  }
  return result;
}

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

nlohmann::json parse_python_json_object(const std::string& json_text, const std::string& file) {
  // Without such a word, as almost always, the text is parsed as it is.
  const bool plain =
      json_text.find("NaN") == std::string::npos && json_text.find("Infinity") == std::string::npos;
  const std::string quoted = plain ? "" : with_quoted_words(json_text);
  const std::string& text = plain ? json_text : quoted;
  return parse_json_object(text.data(), text.data() + text.size(), file);
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
