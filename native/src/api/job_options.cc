#include "api/job_options.h"

#include <cmath>
#include <utility>

namespace lumina::api {
namespace {

std::string number_text(double value) { return nlohmann::json(value).dump(); }

}  // namespace

JobOptions::JobOptions(const std::string& text, std::string what) : what_(std::move(what)) {
  json_ = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json_.is_object()) fail("are no JSON object");
}

std::int64_t JobOptions::integer(const std::string& key, std::int64_t fallback, std::int64_t low,
                                 std::int64_t high) {
  seen_.insert(key);
  if (!has(key)) return fallback;
  const nlohmann::json& given = json_.at(key);
  if (!given.is_number_integer()) fail(key + " must be a whole number, not " + given.dump());
  const auto value = given.get<std::int64_t>();
  if (value < low || value > high) {
    fail(key + " must be at least " + std::to_string(low) +
         (high == std::numeric_limits<std::int64_t>::max()
              ? ""
              : " and at most " + std::to_string(high)) +
         ", not " + given.dump());
  }
  return value;
}

double JobOptions::real(const std::string& key, double fallback, double low, double high) {
  seen_.insert(key);
  if (!has(key)) return fallback;
  const nlohmann::json& given = json_.at(key);
  if (!given.is_number()) fail(key + " must be a number, not " + given.dump());
  const double value = given.get<double>();
  if (!(value >= low && value <= high)) {
    fail(key + " must be at least " + number_text(low) +
         (high == std::numeric_limits<double>::max() ? "" : " and at most " + number_text(high)) +
         ", not " + given.dump());
  }
  return value;
}

void JobOptions::finish() const {
  for (const auto& [key, value] : json_.items()) {
    if (seen_.count(key) == 0) fail("there is no option " + key);
  }
}

void JobOptions::fail(const std::string& reason) const {
  throw Error(ErrorCode::kInvalidArgument, what_ + " options: " + reason);
}

}  // namespace lumina::api
