#include "quant/formats.h"

#include <algorithm>

#include "lumina/status.h"
#include "quant/int4.h"
#include "quant/int8.h"

namespace lumina::quant {
namespace {

// Of the formats that a short name fits, the first counts.
const std::vector<std::unique_ptr<Format>>& formats() {
  static const std::vector<std::unique_ptr<Format>> all = [] {
    std::vector<std::unique_ptr<Format>> list;
    list.push_back(int8_format());
    for (const std::int64_t group : {128, 64, 32}) {
      for (const Int4Method method : {Int4Method::kRtn, Int4Method::kHqq}) {
        list.push_back(int4_format(group, method));
      }
    }
    return list;
  }();
  return all;
}

std::vector<std::string> words_of(const std::string& name) {
  std::vector<std::string> words(1);
  for (const char letter : name) {
    if (letter == ':') {
      words.emplace_back();
    } else {
      words.back() += letter;
    }
  }
  return words;
}

// The first word is the same, and the others follow in the same order.
bool fits(const std::vector<std::string>& asked, const std::vector<std::string>& full) {
  if (asked[0] != full[0]) return false;
  auto next = full.begin();
  for (const std::string& word : asked) {
    next = std::find(next, full.end(), word);
    if (next == full.end()) return false;
    ++next;
  }
  return true;
}

}  // namespace

const Format& find_format(const std::string& name) {
  const std::vector<std::string> asked = words_of(name);
  for (const auto& format : formats()) {
    if (fits(asked, words_of(format->name()))) return *format;
  }
  throw Error(
      ErrorCode::kInvalidArgument,
      "unknown quantisation '" + name +
          "'; known: int8, int4, with group 128, 64 or 32 and method rtn or hqq: int4:64:hqq");
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const auto& format : formats()) names.push_back(format->name());
  return names;
}

}  // namespace lumina::quant
