#include "checkpoint/pickled_tensors.h"

#include <set>

#include "checkpoint/extents.h"
#include "checkpoint/messages.h"
#include "checkpoint/state_dicts.h"

namespace lumina::checkpoint {
namespace {

constexpr std::size_t kMaxTensors = 100'000;
constexpr std::size_t kMaxNameBytes = 1024;
constexpr std::size_t kMaxDepth = 4;       // of mappings in mappings
constexpr std::size_t kMaxDicts = 10'000;  // an optimizer's state has one for every tensor

struct FoundDict {
  const PickledDict* dict;
  std::vector<std::string> path;
};

// All mappings that texts lead to, the outer ones first.
std::vector<FoundDict> find_dicts(const Pickle& pickle, const PickledDict& root) {
  std::vector<FoundDict> found = {{&root, {}}};
  std::set<const PickledDict*> known = {&root};
  for (std::size_t i = 0; i < found.size(); ++i) {
    const FoundDict outer = found[i];
    if (outer.path.size() >= kMaxDepth) continue;
    for (const auto& [key, value] : outer.dict->items) {
      const auto* name = pickle.get<std::string>(key);
      const auto* inner = pickle.get<PickledDict>(value);
      if (name == nullptr || inner == nullptr || found.size() >= kMaxDicts) continue;
      if (!known.insert(inner).second) continue;
      found.push_back({inner, outer.path});
      found.back().path.push_back(name->substr(0, kMaxNameBytes));
    }
  }
  return found;
}

// Names with a tensor, or with something that may stand for one.
StateDictNames names_in(const Pickle& pickle, const FoundDict& found) {
  StateDictNames names{found.path, {}};
  for (const auto& [key, value] : found.dict->items) {
    const auto* name = pickle.get<std::string>(key);
    if (name == nullptr || pickle.get<PickledTensor>(value) == nullptr) continue;
    if (name->size() <= kMaxNameBytes) names.names.push_back(*name);
  }
  return names;
}

std::vector<std::string> keys_of(const Pickle& pickle, const PickledDict& root) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : root.items) {
    const auto* name = pickle.get<std::string>(key);
    if (name == nullptr) continue;
    const auto* dict = pickle.get<PickledDict>(value);
    const std::string count =
        dict == nullptr ? "" : " (" + std::to_string(dict->items.size()) + " entries)";
    keys.push_back(quoted(*name) + count);
  }
  return keys;
}

// The last element that shape and strides reach must lie inside the storage.
void check_reach(const PickledTensor& tensor, std::int64_t numel, std::int64_t storage_numel,
                 const std::string& name, const std::string& path) {
  std::int64_t last = tensor.offset;
  for (std::size_t d = 0; d < tensor.shape.size() && numel > 0; ++d) {
    std::int64_t step;
    if (__builtin_mul_overflow(tensor.shape[d] - 1, tensor.strides[d], &step) ||
        __builtin_add_overflow(last, step, &last)) {
      fail(path, name + " has absurd strides");
    }
  }
  const std::int64_t beyond = numel > 0 ? last : tensor.offset - 1;
  if (beyond >= storage_numel) {
    fail(path, name + " reaches element " + std::to_string(beyond) + " of a storage of " +
                   std::to_string(storage_numel));
  }
  if (numel > storage_numel) fail(path, name + " has more elements than its storage");
}

// `name`: as messages call the tensor. Its type is one that is read.
TensorView view_of(const PickledTensor& tensor, const std::string& name,
                   const std::shared_ptr<const MappedFile>& file, const StorageFinder& find) {
  const std::string& path = file->path();
  const StorageBytes storage = find(tensor.storage, name);
  const auto stored = static_cast<std::int64_t>(element_size(*tensor.storage.type.dtype));
  std::int64_t bytes;
  if (tensor.storage.numel < 0 || __builtin_mul_overflow(tensor.storage.numel, stored, &bytes) ||
      static_cast<std::uint64_t>(bytes) != storage.size) {
    fail(path, "storage " + quoted(tensor.storage.key) + " of " +
                   std::to_string(tensor.storage.numel) + " elements has " +
                   std::to_string(storage.size) + " bytes");
  }
  if (tensor.shape.size() != tensor.strides.size()) {
    fail(path, name + " has " + std::to_string(tensor.shape.size()) + " sizes but " +
                   std::to_string(tensor.strides.size()) + " strides");
  }
  for (const auto stride : tensor.strides) {
    if (stride < 0) fail(path, name + " has a negative stride");
  }
  if (tensor.offset < 0) fail(path, name + " has a negative storage offset");
  const auto numel = checked_numel(tensor.shape);
  if (!numel) fail(path, name + " has the absurd shape " + shape_text(tensor.shape));
  const auto size = static_cast<std::int64_t>(element_size(*tensor.type.dtype));
  check_reach(tensor, *numel, bytes / size, name, path);

  TensorView view;
  view.dtype = *tensor.type.dtype;
  view.shape = tensor.shape;
  view.strides = tensor.strides;
  view.data = storage.data + tensor.offset * size;
  view.owner = file;
  view.mapped = true;
  view.file = path;
  return view;
}

[[noreturn]] void refuse_root(const Pickle& pickle, const std::string& path) {
  const auto* made = pickle.get<PickledPlaceholder>(pickle.root());
  if (made != nullptr) {
    fail(path, "is a whole object, " + pickle.describe(pickle.root()) +
                   ", not a mapping of names to tensors; save its state_dict() instead");
  }
  fail(path, "is " + pickle.describe(pickle.root()) + ", not a mapping of names to tensors");
}

}  // namespace

WeightFile state_dict_of(const Pickle& pickle, const std::vector<std::string>& anchors,
                         const std::shared_ptr<const MappedFile>& file, const StorageFinder& find) {
  const std::string& path = file->path();
  const auto* root = pickle.get<PickledDict>(pickle.root());
  if (root == nullptr) refuse_root(pickle, path);
  const auto dicts = find_dicts(pickle, *root);
  std::vector<StateDictNames> names;
  names.reserve(dicts.size());
  for (const auto& dict : dicts) names.push_back(names_in(pickle, dict));
  const StateDictChoice choice = choose_state_dict(names, anchors, path);

  WeightFile result;
  result.keys = keys_of(pickle, *root);
  std::set<std::string> seen;
  for (const auto& [key, value] : dicts[choice.index].dict->items) {
    const auto* text = pickle.get<std::string>(key);
    if (text == nullptr) continue;
    const auto* made = pickle.get<PickledPlaceholder>(value);
    const auto* tensor = pickle.get<PickledTensor>(value);
    if (tensor == nullptr && made == nullptr) continue;
    if (text->size() > kMaxNameBytes) fail(path, "data.pkl has an absurdly long tensor name");
    if (seen.size() == kMaxTensors) fail(path, "data.pkl names an absurd number of tensors");
    if (!seen.insert(*text).second) fail(path, "names tensor " + quoted(*text) + " twice");
    if (made != nullptr) {
      result.unreadable[*text] =
          "is no plain tensor: " + pickle.describe(value) + ", which is not read here";
    } else if (!tensor->type.dtype || !tensor->storage.type.dtype) {
      result.unreadable[*text] =
          "has type " + quoted(tensor->type.name) + ", which is not supported";
    } else {
      result.tensors.emplace(*text, view_of(*tensor, "tensor " + quoted(*text), file, find));
    }
  }
  if (result.tensors.empty() && result.unreadable.empty()) {
    fail(path, "holds no mapping of names to tensors, only " + describe_keys(result.keys));
  }
  return result;
}

}  // namespace lumina::checkpoint
