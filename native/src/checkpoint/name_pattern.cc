#include "checkpoint/name_pattern.h"

#include <algorithm>
#include <cctype>

namespace lumina::checkpoint {
namespace {

constexpr std::size_t kLongest = 512;

bool is_plain(const std::string& pattern) {
  return std::all_of(pattern.begin(), pattern.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '.' || c == '-';
  });
}

// True for what ECMAScript and Python read the same way.
bool is_common(const std::string& pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char next = i + 1 < pattern.size() ? pattern[i + 1] : '\0';
    if (static_cast<unsigned char>(pattern[i]) >= 0x80) return false;
    if (pattern[i] == '\\') {
      if (std::string(".dDwWsS-_/").find(next) == std::string::npos || next == '\0') return false;
      ++i;
    } else if (pattern[i] == '(' && next == '?') {
      if (pattern.compare(i, 3, "(?:") != 0) return false;
    } else if (std::string("*+?}").find(pattern[i]) != std::string::npos && next == '+') {
      return false;  // Python's possessive quantifiers
    }
  }
  return true;
}

bool same(const std::string& plain, const std::string& name, std::size_t from) {
  if (name.size() - from != plain.size()) return false;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (plain[i] != '.' && plain[i] != name[from + i]) return false;
  }
  return true;
}

}  // namespace

NamePattern::NamePattern(const std::string& pattern) {
  if (is_plain(pattern)) {
    plain_ = pattern;
    return;
  }
  if (pattern.size() > kLongest || !is_common(pattern)) {
    throw std::regex_error(std::regex_constants::error_complexity);
  }
  // Breadth first where the library has it: a nested repetition then costs no exponential time.
  auto flags = std::regex::ECMAScript;
#ifdef __GLIBCXX__
  flags |= std::regex_constants::__polynomial;
#endif
  regex_ = std::make_shared<const std::regex>(pattern, flags);
}

bool NamePattern::matches(const std::string& name) const {
  return regex_ ? std::regex_match(name, *regex_) : same(plain_, name, 0);
}

bool NamePattern::matches_end(const std::string& name) const {
  // `^` in a pattern matches at the very beginning alone.
  const auto matches_from = [&](std::size_t from) {
    if (!regex_) return same(plain_, name, from);
    return std::regex_match(
        name.begin() + static_cast<std::ptrdiff_t>(from), name.end(), *regex_,
        from == 0 ? std::regex_constants::match_default : std::regex_constants::match_not_bol);
  };
  if (matches_from(0)) return true;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '.' && matches_from(i + 1)) return true;
  }
  return false;
}

}  // namespace lumina::checkpoint
