// The mappings of names to tensors that a file holds, and which of them a model's weights are:
// training programs wrap them ({"state_dict": ..}, {"model": ..}) and put prefixes in front of the
// names ("module.", "_orig_mod.").
#pragma once

#include <string>
#include <vector>

namespace lumina::checkpoint {

// The names of one mapping. `path` are the keys that lead to it; empty for the file itself.
struct StateDictNames {
  std::vector<std::string> path;
  std::vector<std::string> names;
};

struct StateDictChoice {
  std::size_t index = 0;  // of the mapping
  std::string prefix;     // in front of every name of the model
};

// The mapping with tensors called as one of `anchors`, with any prefix; of several the one least
// deeply wrapped, weights before their moving average. Without anchors, or if none is anywhere: the
// file itself, else "state_dict", else the mapping with most tensors. Throws Error(kCheckpoint)
// with `file` if two fit equally. `dicts` is not empty.
StateDictChoice choose_state_dict(const std::vector<StateDictNames>& dicts,
                                  const std::vector<std::string>& anchors, const std::string& file);

// `name` without `prefix` and without what wrappers put in between ("_orig_mod.",
// "_fsdp_wrapped_module.", "_checkpoint_wrapped_module."); empty if it does not begin with
// `prefix`.
std::string model_name(const std::string& name, const std::string& prefix);

// What a file holds, for messages: `"model" (3 tensors), "epoch"`, the first few.
std::string describe_keys(const std::vector<std::string>& keys);

}  // namespace lumina::checkpoint
