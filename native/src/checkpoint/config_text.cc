#include "checkpoint/config_text.h"

#include <algorithm>
#include <filesystem>

#include "checkpoint/mapped_file.h"

namespace lumina::checkpoint {
namespace {

// The index behind the text that begins with the quote at `at`.
std::size_t after_text(const std::string& json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return std::min(at + 1, json.size());
}

std::size_t skip_space(const std::string& json, std::size_t at) {
  return std::min(json.find_first_not_of(" \t\r\n", at), json.size());
}

}  // namespace

std::string config_text(const std::string& folder) {
  const auto file = MappedFile::open((std::filesystem::path(folder) / "config.json").string());
  return std::string(reinterpret_cast<const char*>(file->data()), file->size());
}

std::string with_stored_type(const std::string& json_text, const std::string& type) {
  std::string result;
  int depth = 0;
  std::size_t copied = 0;  // of json_text, into result
  for (std::size_t i = 0; i < json_text.size();) {
    const char c = json_text[i];
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (c != '"') {
      ++i;
      continue;
    }
    const std::size_t end = after_text(json_text, i);
    const std::string key = json_text.substr(i, end - i);
    i = end;
    if (depth != 1 || (key != "\"torch_dtype\"" && key != "\"dtype\"")) continue;
    const std::size_t colon = skip_space(json_text, end);
    if (colon == json_text.size() || json_text[colon] != ':') continue;  // a value, not a key
    const std::size_t value = skip_space(json_text, colon + 1);
    if (value == json_text.size() || json_text[value] != '"') continue;  // null
    result.append(json_text, copied, value - copied);
    result += '"' + type + '"';
    copied = i = after_text(json_text, value);
  }
  return result.append(json_text, copied, std::string::npos);
}

}  // namespace lumina::checkpoint
