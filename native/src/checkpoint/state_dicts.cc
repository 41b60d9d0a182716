#include "checkpoint/state_dicts.h"

#include <algorithm>
#include <tuple>

#include "checkpoint/messages.h"

namespace lumina::checkpoint {
namespace {

constexpr std::size_t kKeysShown = 6;

// Parts of a name that torch.compile, FSDP and activation checkpointing put in.
std::string without_wrappers(std::string name) {
  for (const std::string part :
       {"_orig_mod.", "_fsdp_wrapped_module.", "_checkpoint_wrapped_module."}) {
    for (std::size_t at = name.find(part); at != std::string::npos; at = name.find(part, at)) {
      // Only where a part of the name begins.
      if (at == 0 || name[at - 1] == '.') {
        name.erase(at, part.size());
      } else {
        at += part.size();
      }
    }
  }
  return name;
}

bool ends_with_part(const std::string& name, const std::string& tail) {
  if (name.size() < tail.size() ||
      name.compare(name.size() - tail.size(), tail.size(), tail) != 0) {
    return false;
  }
  return name.size() == tail.size() || name[name.size() - tail.size() - 1] == '.';
}

std::string joined(const std::vector<std::string>& path, const std::string& prefix) {
  std::string text;
  for (const auto& key : path) text += key + ".";
  return text + prefix;
}

struct Candidate {
  StateDictChoice choice;
  std::string shown;  // path and prefix
  bool average;       // a moving average of the weights
  std::size_t depth;

  std::tuple<bool, std::size_t> rank() const { return {average, depth}; }
};

std::vector<Candidate> find_candidates(const std::vector<StateDictNames>& dicts,
                                       const std::vector<std::string>& anchors) {
  std::vector<Candidate> found;
  for (std::size_t i = 0; i < dicts.size(); ++i) {
    for (const auto& raw : dicts[i].names) {
      const std::string name = without_wrappers(raw);
      for (const auto& anchor : anchors) {
        if (!ends_with_part(name, anchor)) continue;
        const std::string prefix = name.substr(0, name.size() - anchor.size());
        const bool known = std::any_of(found.begin(), found.end(), [&](const Candidate& other) {
          return other.choice.index == i && other.choice.prefix == prefix;
        });
        if (known) continue;
        const std::string shown = joined(dicts[i].path, prefix);
        const auto parts = static_cast<std::size_t>(std::count(shown.begin(), shown.end(), '.'));
        found.push_back({{i, prefix}, shown, shown.find("ema") != std::string::npos, parts});
      }
    }
  }
  return found;
}

}  // namespace

StateDictChoice choose_state_dict(const std::vector<StateDictNames>& dicts,
                                  const std::vector<std::string>& anchors,
                                  const std::string& file) {
  auto candidates = find_candidates(dicts, anchors);
  if (!candidates.empty()) {
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.rank() < b.rank(); });
    if (candidates.size() > 1 && candidates[0].rank() == candidates[1].rank()) {
      fail(file, "holds the weights several times, under " + quoted(candidates[0].shown) + " and " +
                     quoted(candidates[1].shown) + "; save one of them alone");
    }
    return candidates[0].choice;
  }
  std::size_t largest = 0;
  for (std::size_t i = 0; i < dicts.size(); ++i) {
    if (dicts[i].path.empty() && !dicts[i].names.empty()) return {i, ""};
    if (dicts[i].names.size() > dicts[largest].names.size()) largest = i;
  }
  for (std::size_t i = 0; i < dicts.size(); ++i) {
    if (dicts[i].path == std::vector<std::string>{"state_dict"}) return {i, ""};
  }
  return {largest, ""};
}

std::string model_name(const std::string& name, const std::string& prefix) {
  const std::string plain = without_wrappers(name);
  return plain.rfind(prefix, 0) == 0 ? plain.substr(prefix.size()) : "";
}

std::string describe_keys(const std::vector<std::string>& keys) {
  std::string text;
  for (std::size_t i = 0; i < std::min(keys.size(), kKeysShown); ++i) {
    text += (i > 0 ? ", " : "") + keys[i];
  }
  if (keys.size() > kKeysShown)
    text += " and " + std::to_string(keys.size() - kKeysShown) + " more";
  return text.empty() ? "nothing" : text;
}

}  // namespace lumina::checkpoint
