#include "checkpoint/key_reader.h"

#include <sstream>

#include "checkpoint/json_text.h"
#include "checkpoint/messages.h"

namespace lumina::checkpoint {
namespace {

using Json = nlohmann::json;

std::string number_text(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

}  // namespace

const Json* KeyReader::find(const char* key) const {
  const auto found = object_.find(key);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

void KeyReader::reject(const char* key, const std::string& what) const {
  fail(source_, "key " + quoted(prefix_ + key) + " " + what);
}

void KeyReader::read(const char* key, std::int64_t lowest, std::int64_t highest,
                     std::int64_t* out) const {
  const Json* value = find(key);
  if (value == nullptr) return;
  if (!to_int64(*value, out)) reject(key, "is not a 64-bit integer");
  if (*out < lowest || *out > highest) {
    reject(key, "is " + std::to_string(*out) + ", outside " + std::to_string(lowest) + " to " +
                    std::to_string(highest));
  }
}

void KeyReader::read(const char* key, double lowest, double highest, double* out) const {
  const Json* value = find(key);
  if (value == nullptr) return;
  if (!value->is_number()) reject(key, "is not a number");
  *out = value->get<double>();
  if (!(*out > lowest && *out <= highest)) {
    reject(key, "is " + number_text(*out) + ", must be above " + number_text(lowest) +
                    " and at most " + number_text(highest));
  }
}

void KeyReader::read(const char* key, bool* out) const {
  const Json* value = find(key);
  if (value == nullptr) return;
  if (!value->is_boolean()) reject(key, "is not true or false");
  *out = value->get<bool>();
}

std::string KeyReader::text(const char* key, const std::string& otherwise) const {
  const Json* value = find(key);
  if (value == nullptr) return otherwise;
  if (!value->is_string()) reject(key, "is not a text");
  return value->get<std::string>();
}

}  // namespace lumina::checkpoint
