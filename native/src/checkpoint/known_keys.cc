#include "checkpoint/known_keys.h"

#include <algorithm>

#include "checkpoint/messages.h"

namespace lumina::checkpoint {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestValue = 60;  // bytes of a value that a message shows

std::string value_text(const Json& value) {
  std::string text = value.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
  if (text.size() > kLongestValue) text = text.substr(0, kLongestValue) + "...";
  return text;
}

// `"a", "b" or "c"`
std::string choices(const Json& allowed) {
  std::string text;
  for (std::size_t i = 0; i < allowed.size(); ++i) {
    if (i > 0) text += i + 1 == allowed.size() ? " or " : ", ";
    text += value_text(allowed[i]);
  }
  return text;
}

[[noreturn]] void refuse(const std::string& source, const std::string& key, const Json& value,
                         const std::string& what) {
  fail(source, "key " + quoted(key) + " is " + value_text(value) + what);
}

void check_fixed(const Json& value, const KnownKey& known, const std::string& source,
                 const std::string& key) {
  const Json allowed = Json::parse(known.allowed);
  if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return;
  const std::string must = allowed.empty() ? "left out" : choices(allowed);
  const std::string remark = known.remark;
  refuse(source, key, value, ", must be " + must + (remark.empty() ? "" : ": " + remark));
}

}  // namespace

bool says_nothing(const Json& value) {
  return value.is_null() || value == Json(false) || value == Json("") ||
         (value.is_structured() && value.empty());
}

std::vector<KeyNote> check_keys(const Json& object, const std::vector<KnownKey>& table,
                                const std::string& source, const std::string& prefix) {
  std::vector<KeyNote> notes;
  for (const auto& [name, value] : object.items()) {
    const std::string& key = name;  // a structured binding cannot be captured
    const auto known = std::find_if(table.begin(), table.end(),
                                    [&](const KnownKey& entry) { return entry.name == key; });
    if (known == table.end()) {
      if (!says_nothing(value)) {
        refuse(source, prefix + key, value,
               ", and this version does not know that key: it may change what is computed; remove "
               "it if it does not");
      }
      notes.push_back({prefix + key, "not known, without a value"});
    } else if (known->use == KnownKey::Use::kHarmless) {
      notes.push_back({prefix + key, known->remark});
    } else if (known->use == KnownKey::Use::kFixed && !value.is_null()) {
      check_fixed(value, *known, source, prefix + key);
    }
  }
  return notes;
}

}  // namespace lumina::checkpoint
