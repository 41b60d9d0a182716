#include "checkpoint/weight_set.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "checkpoint/foreign_file.h"
#include "checkpoint/messages.h"
#include "checkpoint/state_dicts.h"
#include "checkpoint/stop.h"
#include "checkpoint/weight_file.h"

namespace lumina::checkpoint {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSingleFile = "model.safetensors";
constexpr const char* kIndexFile = "model.safetensors.index.json";
constexpr const char* kTorchFile = "pytorch_model.bin";
constexpr const char* kTorchIndexFile = "pytorch_model.bin.index.json";
constexpr std::size_t kOffendersShown = 3;

// Also true for a link that leads nowhere, so that opening it names the trouble.
bool is_listed(const fs::path& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type() != fs::file_type::not_found;
}

// What a folder without weights under the usual names holds instead.
std::string other_weights(const fs::path& folder) {
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string extension = entry->path().extension().string();
    for (const char* known : {".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".gguf", ".h5"}) {
      if (extension == known) found.push_back(quoted(entry->path().filename().string()));
    }
  }
  std::sort(found.begin(), found.end());
  return found.empty() ? "" : "; it holds " + describe_keys(found);
}

// The file in a folder that has its weights, or the index of their shards.
fs::path weights_in(const fs::path& folder) {
  for (const char* name : {kSingleFile, kIndexFile, kTorchFile, kTorchIndexFile}) {
    if (is_listed(folder / name)) return folder / name;
  }
  fail(folder.string(), std::string("holds neither ") + kSingleFile + " nor " + kIndexFile +
                            ", and no " + kTorchFile + other_weights(folder) +
                            "; half a download is completed by `" + pull_command(folder.string()) +
                            "`");
}

// Takes the prefix off that `anchors` are found with, and drops the tensors without it.
void take_off_prefix(WeightFile* file, const std::vector<std::string>& anchors,
                     const std::string& source) {
  StateDictNames names;
  for (const auto& [name, view] : file->tensors) names.names.push_back(name);
  for (const auto& [name, reason] : file->unreadable) names.names.push_back(name);
  const std::string prefix = choose_state_dict({names}, anchors, source).prefix;
  const auto renamed = [&](auto& from) {
    std::decay_t<decltype(from)> to;
    for (auto& [name, value] : from) {
      const std::string plain = model_name(name, prefix);
      if (plain.empty()) continue;
      if (!to.emplace(plain, std::move(value)).second) {
        fail(source, "names tensor " + quoted(plain) + " twice");
      }
    }
    from = std::move(to);
  };
  renamed(file->tensors);
  renamed(file->unreadable);
}

}  // namespace

WeightSet WeightSet::open(const std::string& path, const std::vector<std::string>& anchors) {
  WeightSet set;
  std::error_code ignored;
  set.source_ = fs::is_directory(path, ignored) ? weights_in(path).string() : path;
  const bool index = fs::path(set.source_).extension() == ".json";
  WeightFile file =
      index ? read_sharded(set.source_) : read_weight_file(set.source_, anchors, &set.metadata_);
  if (!anchors.empty()) take_off_prefix(&file, anchors, set.source_);
  set.tensors_ = std::move(file.tensors);
  set.unreadable_ = std::move(file.unreadable);
  set.keys_ = std::move(file.keys);
  return set;
}

WeightSet WeightSet::in_memory(std::map<std::string, TensorView> tensors, std::string source,
                               std::map<std::string, std::string> metadata) {
  WeightSet set;
  set.metadata_ = std::move(metadata);
  set.tensors_ = std::move(tensors);
  set.source_ = std::move(source);
  return set;
}

const TensorView* WeightSet::find(const std::string& name) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() ? nullptr : &found->second;
}

std::string WeightSet::contents() const { return describe_keys(keys_); }

const TensorView& WeightSet::get(const std::string& name) const {
  check_stopped();  // whoever loads a model asks for its tensors one by one
  const TensorView* view = find(name);
  const auto unreadable = unreadable_.find(name);
  if (unreadable != unreadable_.end()) {
    fail(source_, "tensor " + quoted(name) + " " + unreadable->second);
  }
  if (view == nullptr) fail(source_, "tensor " + quoted(name) + " is missing");
  return *view;
}

WeightSet WeightSet::only(const std::vector<TensorSpec>& wanted) const {
  WeightSet set;
  set.source_ = source_;
  set.metadata_ = metadata_;
  for (const TensorSpec& spec : wanted) {
    if (const TensorView* view = find(spec.name)) set.tensors_.emplace(spec.name, *view);
  }
  return set;
}

void WeightSet::require(const std::vector<TensorSpec>& expected,
                        const std::function<bool(const std::string&)>& ignored) const {
  std::vector<std::string> offenders;  // the first few, described
  std::size_t count = 0;
  const auto offend = [&](const std::string& what) {
    if (count++ < kOffendersShown) offenders.push_back(what);
  };
  // Names the shard where it is not the file that the message begins with.
  const auto described = [&](const std::string& name, const TensorView& view) {
    const std::string shard = view.file.empty() || view.file == source_
                                  ? ""
                                  : " (" + fs::path(view.file).filename().string() + ")";
    return "tensor " + quoted(name) + shard;
  };

  std::set<std::string> known;
  std::size_t missing = 0;
  for (const auto& spec : expected) {
    known.insert(spec.name);
    const TensorView* view = find(spec.name);
    const auto unreadable = unreadable_.find(spec.name);
    if (view == nullptr && unreadable != unreadable_.end()) {
      offend("tensor " + quoted(spec.name) + " " + unreadable->second);
    } else if (view == nullptr) {
      ++missing;
      offend("tensor " + quoted(spec.name) + " is missing");
    } else if (view->shape != spec.shape) {
      offend(described(spec.name, *view) + " has shape " + shape_text(view->shape) + ", expected " +
             shape_text(spec.shape));
    } else if (spec.dtype ? view->dtype != *spec.dtype : !is_floating(view->dtype)) {
      offend(described(spec.name, *view) + " has dtype " + dtype_name(view->dtype) + ", expected " +
             (spec.dtype ? dtype_name(*spec.dtype) : "a floating type"));
    }
  }
  if (!keys_.empty() && missing == expected.size()) {
    fail(source_, "has no tensor of this model, such as " + quoted(expected[0].name) +
                      "; it holds " + contents());
  }
  for (const auto& [name, view] : tensors_) {
    if (known.count(name) == 0 && !ignored(name)) {
      offend(described(name, view) + " is not part of this model");
    }
  }
  if (count == 0) return;
  std::string message = offenders[0];
  for (std::size_t i = 1; i < offenders.size(); ++i) message += "; " + offenders[i];
  if (count > kOffendersShown) {
    message += "; and " + std::to_string(count - kOffendersShown) + " more";
  }
  fail(source_, message);
}

}  // namespace lumina::checkpoint
