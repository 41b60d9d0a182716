// Typed keys of one JSON object from a file of others.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace lumina::checkpoint {

// Reads keys of one object, which must outlive it. A key that is absent or null leaves the default
// alone. Throws Error(kCheckpoint) with the file and the key for a value that is not allowed.
class KeyReader {
 public:
  // `prefix` stands in front of the keys in messages ("rope_scaling.").
  KeyReader(const nlohmann::json& object, std::string source, std::string prefix = "")
      : object_(object), source_(std::move(source)), prefix_(std::move(prefix)) {}

  const nlohmann::json* find(const char* key) const;  // nullptr if absent or null

  [[noreturn]] void reject(const char* key, const std::string& what) const;

  void read(const char* key, std::int64_t lowest, std::int64_t highest, std::int64_t* out) const;
  // A number above `lowest` and at most `highest`.
  void read(const char* key, double lowest, double highest, double* out) const;
  void read(const char* key, bool* out) const;
  std::string text(const char* key, const std::string& otherwise) const;

 private:
  const nlohmann::json& object_;
  std::string source_;
  std::string prefix_;
};

}  // namespace lumina::checkpoint
