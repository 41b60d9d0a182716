// What happens to each key of a JSON file that other programs write: it is read, it cannot change
// what is computed, or it must have a certain value. A key that no table knows is refused unless
// its value says nothing, so that nothing that matters is passed over.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace lumina::checkpoint {

struct KnownKey {
  enum class Use {
    kRead,      // by the code that owns the table, which checks the value
    kHarmless,  // whatever its value
    kFixed,     // null or one of `allowed`
  };
  const char* name;
  Use use;
  const char* allowed = "[]";  // kFixed: the values, a JSON list
  const char* remark = "";     // kFixed: why, and what to do; kHarmless: what it is for
};

// A key that was passed over, and why that is right.
struct KeyNote {
  std::string key;
  std::string remark;
};

// Null, false, "", [] and {}: a key of such a value asks for nothing.
bool says_nothing(const nlohmann::json& value);

// Throws Error(kCheckpoint), one line with `source` and the key, for a value that is not among the
// allowed ones and for an unknown key that says something. `prefix` stands in front of the keys in
// messages ("rope_scaling."). Returns the keys that were passed over, in order of name.
std::vector<KeyNote> check_keys(const nlohmann::json& object, const std::vector<KnownKey>& table,
                                const std::string& source, const std::string& prefix = "");

}  // namespace lumina::checkpoint
