// Options of a job as JSON text, read once each; what nobody read is a mistake.
#pragma once

#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "lumina/status.h"

namespace lumina::api {

class JobOptions {
 public:
  // `what` begins every message: "training". Throws Error(kInvalidArgument).
  JobOptions(const std::string& text, std::string what);

  const nlohmann::json& json() const { return json_; }
  bool has(const std::string& key) const { return json_.contains(key); }

  template <typename Value>
  Value get(const std::string& key) {
    seen_.insert(key);
    if (!has(key)) fail(key + " is missing");
    try {
      return json_.at(key).get<Value>();
    } catch (const nlohmann::json::exception&) {
      fail(key + " cannot be " + json_.at(key).dump());
    }
  }
  template <typename Value>
  Value get(const std::string& key, const Value& fallback) {
    return has(key) ? get<Value>(key) : fallback;
  }

  // Numbers from `low` to `high`, both included.
  std::int64_t integer(const std::string& key, std::int64_t fallback, std::int64_t low,
                       std::int64_t high = std::numeric_limits<std::int64_t>::max());
  double real(const std::string& key, double fallback, double low,
              double high = std::numeric_limits<double>::max());

  // Throws for the first key that was never asked for.
  void finish() const;

  [[noreturn]] void fail(const std::string& reason) const;

 private:
  nlohmann::json json_;
  std::string what_;
  std::set<std::string> seen_;
};

}  // namespace lumina::api
