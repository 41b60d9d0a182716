// Regular expressions over names of modules, as Python's re reads them, from files of others.
#pragma once

#include <memory>
#include <regex>
#include <string>

namespace lumina::checkpoint {

class NamePattern {
 public:
  // Throws std::regex_error for what is no pattern, too long, or means something else in C++ than
  // in Python (named groups, flags, look-around, back-references, \A, \Z ..).
  explicit NamePattern(const std::string& pattern);

  bool matches(const std::string& name) const;  // the whole name

  // PEFT's rule for the keys of its patterns: the whole name, or what follows one of its dots.
  bool matches_end(const std::string& name) const;

 private:
  std::string plain_;                        // a name whose dots stand for any character
  std::shared_ptr<const std::regex> regex_;  // anything else
};

}  // namespace lumina::checkpoint
