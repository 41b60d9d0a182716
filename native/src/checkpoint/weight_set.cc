#include "checkpoint/weight_set.h"

#include <cstring>
#include <filesystem>
#include <set>
#include <utility>

#include "checkpoint/mapped_file.h"
#include "checkpoint/messages.h"
#include "checkpoint/safetensors.h"
#include "checkpoint/stop.h"
#include "checkpoint/torch_archive.h"

namespace lumina::checkpoint {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSingleFile = "model.safetensors";
constexpr const char* kIndexFile = "model.safetensors.index.json";
constexpr std::size_t kOffendersShown = 3;

// torch.save before version 1.6 wrote a bare pickle that begins with a magic number.
bool is_legacy_torch_file(const MappedFile& file) {
  constexpr unsigned char kMagic[] = {0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46};
  return file.size() >= sizeof kMagic && std::memcmp(file.data(), kMagic, sizeof kMagic) == 0;
}

// Also true for a link that leads nowhere, so that opening it names the trouble.
bool is_listed(const fs::path& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type() != fs::file_type::not_found;
}

TensorMap read_file(const std::string& path, std::map<std::string, std::string>* metadata) {
  const auto file = MappedFile::open(path);
  if (is_torch_archive(*file)) return read_torch_archive(file);
  if (is_legacy_torch_file(*file)) {
    fail(path, "is a torch.save file of the old format; save it again with PyTorch 1.6 or newer");
  }
  *metadata = read_safetensors_metadata(file);
  return read_safetensors(file);
}

}  // namespace

WeightSet WeightSet::open(const std::string& path) {
  WeightSet set;
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    const fs::path folder(path);
    if (is_listed(folder / kSingleFile)) {
      set.source_ = (folder / kSingleFile).string();
      set.tensors_ = read_file(set.source_, &set.metadata_);
    } else if (is_listed(folder / kIndexFile)) {
      set.source_ = (folder / kIndexFile).string();
      set.tensors_ = read_sharded_safetensors(set.source_);
    } else {
      fail(path, std::string("holds neither ") + kSingleFile + " nor " + kIndexFile);
    }
  } else {
    set.source_ = path;
    set.tensors_ = read_file(path, &set.metadata_);
  }
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

const TensorView& WeightSet::get(const std::string& name) const {
  check_stopped();  // whoever loads a model asks for its tensors one by one
  const TensorView* view = find(name);
  if (view == nullptr) fail(source_, "tensor " + quoted(name) + " is missing");
  return *view;
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
  for (const auto& spec : expected) {
    known.insert(spec.name);
    const TensorView* view = find(spec.name);
    if (view == nullptr) {
      offend("tensor " + quoted(spec.name) + " is missing");
    } else if (view->shape != spec.shape) {
      offend(described(spec.name, *view) + " has shape " + shape_text(view->shape) + ", expected " +
             shape_text(spec.shape));
    } else if (spec.dtype ? view->dtype != *spec.dtype : !is_floating(view->dtype)) {
      offend(described(spec.name, *view) + " has dtype " + dtype_name(view->dtype) + ", expected " +
             (spec.dtype ? dtype_name(*spec.dtype) : "a floating type"));
    }
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
