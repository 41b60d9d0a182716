// Interprets Python's pickle format, protocols 2 to 5, as data. Nothing is imported or called:
// the few classes that carry weights are recorded, and everything else that a pickle makes (a
// Namespace, a numpy number, a whole module) becomes a placeholder that knows what made it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "checkpoint/tensor.h"

namespace lumina::checkpoint {

// A place in a Pickle's arena. Values refer to each other by index: no recursion when they are
// freed, and cycles do no harm.
using PickleIndex = std::uint32_t;

struct PickledTuple {
  std::vector<PickleIndex> items;
};
struct PickledList {
  std::vector<PickleIndex> items;
};
struct PickledDict {
  std::vector<std::pair<PickleIndex, PickleIndex>> items;
};

// The element type of a storage or tensor under torch's name for it, such as "float8_e4m3fn".
struct PickledType {
  std::optional<DType> dtype;  // none: a type that is not read here
  std::string name;

  std::size_t size() const;  // bytes of an element; 0 if that is not known
};

// A class or function that a pickle names.
struct PickledGlobal {
  enum class Kind {
    kOther,             // of no use here
    kMapping,           // dict and its like
    kStorage,           // a storage of `type`
    kUntypedStorage,    // a storage of bytes
    kElementType,       // torch.float32 and so on: `type`
    kTensor,            // torch.Tensor and Parameter, whose first argument is the tensor
    kRebuildTensor,     // (storage, offset, sizes, strides, ...)
    kRebuildTensorV3,   // (storage, offset, sizes, strides, requires_grad, hooks, element type, ..)
    kRebuildParameter,  // (tensor, ...)
    kRebuildFromType,   // (function, class, arguments, state)
  };
  Kind kind = Kind::kOther;
  std::string name;  // "module.name"
  PickledType type;
};

// Something that is passed over; `from` says what made it, for the message if it is needed.
struct PickledPlaceholder {
  std::string from;
};

// A run of elements beside the pickle, found by its key.
struct PickledStorage {
  std::string key;
  PickledType type;        // bytes if untyped
  std::int64_t numel = 0;  // as the pickle says, unchecked
};

// As the pickle says, unchecked: offset, sizes and strides count elements of `type`.
struct PickledTensor {
  PickledStorage storage;
  PickledType type;
  std::int64_t offset = 0;
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> strides;
};

using PickledValue =
    std::variant<std::monostate, bool, std::int64_t, double, std::string, PickledTuple, PickledList,
                 PickledDict, PickledGlobal, PickledPlaceholder, PickledStorage, PickledTensor>;

// Where a pickle lies, and what messages call it.
struct PickleSource {
  const std::uint8_t* data;
  std::size_t size;  // bytes; more may follow the pickle
  std::string file;
  std::string name;  // the part of the file, such as "data.pkl"; empty: the whole file
};

class Pickle {
 public:
  // Limits against pickles made to exhaust memory. The image tokenizer has 431 tensors of about
  // thirty values each; a training checkpoint around it has a few times as many.
  static constexpr std::size_t kMaxValues = 1'000'000;  // made, on the stack, in the memo, marks

  // Runs the pickle to its end. Throws Error(kCheckpoint) with the file for what is damaged,
  // beyond the limits, or uses opcodes of other protocols.
  static Pickle read(const PickleSource& source, std::size_t max_values = kMaxValues);

  PickleIndex root() const { return root_; }
  PickleIndex count() const { return static_cast<PickleIndex>(values_.size()); }
  std::size_t bytes() const { return bytes_; }  // of the pickle, its end included

  // The value if it is of that kind, else null. Valid as long as this lives.
  template <typename Kind>
  const Kind* get(PickleIndex index) const {
    return std::get_if<Kind>(&values_[index]);
  }

  // The value of a text key, the last one if it was set several times; null if there is none.
  const PickledValue* find(const PickledDict& dict, const std::string& key) const;

  // For messages: what a value is ("a list", "made by argparse.Namespace").
  std::string describe(PickleIndex index) const;

 private:
  friend class PickleMachine;
  std::deque<PickledValue> values_;  // references stay valid while it grows
  PickleIndex root_ = 0;
  std::size_t bytes_ = 0;
};

// What `module.name` is.
PickledGlobal find_pickled_global(const std::string& module, const std::string& name);

}  // namespace lumina::checkpoint
