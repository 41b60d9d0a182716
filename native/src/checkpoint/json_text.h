// JSON from files of others: duplicate keys, deep nesting and damage become one-line errors.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace lumina::checkpoint {

// Parses one JSON object. `what` names the text in messages ("header"; empty: the whole file).
// Throws Error(kCheckpoint) with `file`.
nlohmann::json parse_json_object(const char* begin, const char* end, const std::string& file,
                                 const std::string& what = "");

// The same of a file that Python's json wrote: its NaN, Infinity and -Infinity, which are no JSON,
// become texts of that name, so that a key that is not used may have them.
nlohmann::json parse_python_json_object(const std::string& json_text, const std::string& file);

// The value as a signed 64-bit integer; false if it is not an integer or does not fit.
bool to_int64(const nlohmann::json& value, std::int64_t* out);

}  // namespace lumina::checkpoint
