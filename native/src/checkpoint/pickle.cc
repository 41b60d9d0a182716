#include "checkpoint/pickle.h"

#include <cstdio>
#include <cstring>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>
#include <variant>

#include "checkpoint/extents.h"
#include "checkpoint/messages.h"
#include "checkpoint/pickle_opcodes.h"

namespace lumina::checkpoint {
namespace {

// Limits against pickles made to exhaust memory. The image tokenizer has 431 tensors of about
// thirty values each; a training checkpoint around it has a few times as many.
constexpr std::size_t kMaxValues = 1'000'000;  // made, on the stack, in the memo, and marks
constexpr std::size_t kMaxTensors = 100'000;
constexpr std::size_t kMaxStringBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxNameBytes = 1024;  // of a tensor or a storage

// Values live in one arena and refer to each other by index: no recursion when they are freed, and
// cycles do no harm.
using Index = std::uint32_t;

struct Tuple {
  std::vector<Index> items;
};
struct List {
  std::vector<Index> items;
};
struct Dict {
  std::vector<std::pair<Index, Index>> items;
};
enum class Callable { kOrderedDict, kRebuildTensor };

// A bare DType is the class of a typed storage, such as torch.FloatStorage.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, Tuple, List,
                           Dict, Callable, DType, PickledStorage, PickledTensor>;

// The allow-list of globals.
std::optional<Value> find_global(const std::string& name) {
  if (name == "collections.OrderedDict") return Callable::kOrderedDict;
  if (name == "torch._utils._rebuild_tensor_v2") return Callable::kRebuildTensor;
  if (name == "torch.FloatStorage") return DType::kFloat32;
  if (name == "torch.HalfStorage") return DType::kFloat16;
  if (name == "torch.BFloat16Storage") return DType::kBFloat16;
  if (name == "torch.LongStorage") return DType::kInt64;
  if (name == "torch.IntStorage") return DType::kInt32;
  return std::nullopt;
}

class PickleMachine {
 public:
  PickleMachine(const std::uint8_t* data, std::size_t size, const std::string& file)
      : data_(data), size_(size), file_(file) {}

  // Runs to STOP and returns the result.
  Index run() {
    for (;;) {
      const std::uint8_t opcode = *take(1);
      if (static_cast<Opcode>(opcode) == Opcode::kStop) return pop();
      step(opcode);
    }
  }

  std::vector<PickledTensor> tensors_of(Index root) const {
    const Dict* dict = get<Dict>(root);
    if (dict == nullptr) broken("is not a mapping of names to tensors");
    for (const auto& [key, value] : dict->items) {
      const auto* name = get<std::string>(key);
      const Dict* nested = get<Dict>(value);
      if (name != nullptr && *name == "state_dict" && nested != nullptr) {
        dict = nested;
        break;
      }
    }
    std::vector<PickledTensor> tensors;
    for (const auto& [key, value] : dict->items) {
      const auto* name = get<std::string>(key);
      const auto* tensor = get<PickledTensor>(value);
      if (name == nullptr || tensor == nullptr) continue;
      if (tensors.size() == kMaxTensors) broken("names an absurd number of tensors");
      if (name->size() > kMaxNameBytes) broken("has an absurdly long tensor name");
      tensors.push_back(*tensor);
      tensors.back().name = *name;
    }
    return tensors;
  }

 private:
  [[noreturn]] void broken(const std::string& what) const { fail(file_, "data.pkl " + what); }

  // --- bytes ---
  const std::uint8_t* take(std::size_t count) {
    if (count > size_ - position_) broken("is truncated");
    const std::uint8_t* bytes = data_ + position_;
    position_ += count;
    return bytes;
  }

  std::uint64_t take_little_endian(int bytes) {
    const std::uint8_t* from = take(bytes);
    std::uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) value |= std::uint64_t{from[i]} << (8 * i);
    return value;
  }

  std::string take_text(std::size_t bytes) {
    if (bytes > kMaxStringBytes) broken("holds an absurdly long text");
    return std::string(reinterpret_cast<const char*>(take(bytes)), bytes);
  }

  std::string take_line() {
    const auto* end = std::memchr(data_ + position_, '\n', size_ - position_);
    if (end == nullptr) broken("is truncated");
    const auto bytes = static_cast<const std::uint8_t*>(end) - (data_ + position_);
    std::string line = take_text(bytes);
    take(1);
    return line;
  }

  // --- stack ---
  void check_room(std::size_t count) const {
    if (count >= kMaxValues) broken("makes an absurd number of values");
  }

  void push_index(Index index) {
    check_room(stack_.size());
    stack_.push_back(index);
  }

  void push(Value value) {
    check_room(values_.size());
    values_.push_back(std::move(value));
    push_index(static_cast<Index>(values_.size() - 1));
  }

  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }

  Index top() const {
    if (stack_.size() <= floor()) broken("takes from an empty stack");
    return stack_.back();
  }

  Index pop() {
    const Index index = top();
    stack_.pop_back();
    return index;
  }

  std::vector<Index> pop_to_mark() {
    if (marks_.empty()) broken("has no mark where one is needed");
    std::vector<Index> items(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()),
                             stack_.end());
    stack_.resize(marks_.back());
    marks_.pop_back();
    return items;
  }

  template <typename Kind>
  const Kind* get(Index index) const {
    return std::get_if<Kind>(&values_[index]);
  }

  // --- opcodes ---
  void step(std::uint8_t opcode) {
    switch (static_cast<Opcode>(opcode)) {
      case Opcode::kProto: return check_protocol();
      case Opcode::kNone: return push(std::monostate());
      case Opcode::kNewTrue: return push(true);
      case Opcode::kNewFalse: return push(false);
      case Opcode::kBinInt:
        return push(std::int64_t{static_cast<std::int32_t>(take_little_endian(4))});
      case Opcode::kBinInt1: return push(static_cast<std::int64_t>(take_little_endian(1)));
      case Opcode::kBinInt2: return push(static_cast<std::int64_t>(take_little_endian(2)));
      case Opcode::kLong1: return push_long();
      case Opcode::kBinFloat: return push_float();
      case Opcode::kBinUnicode: return push(take_text(take_little_endian(4)));
      case Opcode::kMark: check_room(marks_.size()); return marks_.push_back(stack_.size());
      case Opcode::kEmptyTuple: return push(Tuple());
      case Opcode::kTuple1: return push_tuple(1);
      case Opcode::kTuple2: return push_tuple(2);
      case Opcode::kTuple3: return push_tuple(3);
      case Opcode::kTuple: return push(Tuple{pop_to_mark()});
      case Opcode::kEmptyList: return push(List());
      case Opcode::kAppend: return append({pop()});
      case Opcode::kAppends: return append(pop_to_mark());
      case Opcode::kEmptyDict: return push(Dict());
      case Opcode::kSetItem: {
        const Index value = pop();
        const Index key = pop();
        return set_items({key, value});
      }
      case Opcode::kSetItems: return set_items(pop_to_mark());
      case Opcode::kBinPut: return remember(take_little_endian(1));
      case Opcode::kLongBinPut: return remember(take_little_endian(4));
      case Opcode::kBinGet: return recall(take_little_endian(1));
      case Opcode::kLongBinGet: return recall(take_little_endian(4));
      case Opcode::kGlobal: return push_global();
      case Opcode::kReduce: return reduce();
      case Opcode::kBuild: return build();
      case Opcode::kBinPersId: return push_storage();
      case Opcode::kStop: break;
    }
    char hex[8];
    std::snprintf(hex, sizeof hex, "0x%02x", opcode);
    fail(file_,
         std::string("pickle opcode ") + hex + " (" + opcode_name(opcode) + ") is not allowed");
  }

  void check_protocol() {
    const auto version = take_little_endian(1);
    if (version != 2) {
      broken("has pickle protocol " + std::to_string(version) + ", only 2 is read");
    }
  }

  void push_long() {
    const auto bytes = static_cast<int>(take_little_endian(1));
    if (bytes > 8) broken("holds an integer of more than 64 bits");
    std::uint64_t value = take_little_endian(bytes);
    // Two's complement of `bytes` bytes: extend the sign.
    if (bytes > 0 && bytes < 8 && (value >> (8 * bytes - 1)) & 1) value |= ~0ull << (8 * bytes);
    push(static_cast<std::int64_t>(value));
  }

  void push_float() {
    const std::uint8_t* bytes = take(8);
    std::uint64_t bits = 0;
    for (int i = 0; i < 8; ++i) bits = bits << 8 | bytes[i];
    double value;
    std::memcpy(&value, &bits, sizeof value);
    push(value);
  }

  void push_tuple(int count) {
    std::vector<Index> items(count);
    for (int i = count; i-- > 0;) items[i] = pop();
    push(Tuple{std::move(items)});
  }

  void append(const std::vector<Index>& items) {
    auto* list = std::get_if<List>(&values_[top()]);
    if (list == nullptr) broken("appends to what is not a list");
    list->items.insert(list->items.end(), items.begin(), items.end());
  }

  void set_items(const std::vector<Index>& items) {
    auto* dict = std::get_if<Dict>(&values_[top()]);
    if (dict == nullptr) broken("sets items of what is not a mapping");
    if (items.size() % 2 != 0) broken("sets a key without a value");
    for (std::size_t i = 0; i < items.size(); i += 2) {
      dict->items.emplace_back(items[i], items[i + 1]);
    }
  }

  void remember(std::uint64_t slot) {
    check_room(memo_.size());
    memo_[static_cast<std::uint32_t>(slot)] = top();
  }

  void recall(std::uint64_t slot) {
    const auto found = memo_.find(static_cast<std::uint32_t>(slot));
    if (found == memo_.end()) broken("recalls a value that it never stored");
    push_index(found->second);
  }

  void push_global() {
    const std::string module = take_line();
    const std::string name = take_line();
    auto value = find_global(module + "." + name);
    if (!value) {
      // Plain names are shown as they are; quoted() escapes what a hostile one may hold.
      const std::string shown = quoted(module + "." + name);
      fail(file_, "pickle global " + shown.substr(1, shown.size() - 2) + " is not allowed");
    }
    push(std::move(*value));
  }

  void reduce() {
    const Index arguments = pop();
    const Index callee = pop();
    const auto* callable = get<Callable>(callee);
    const auto* tuple = get<Tuple>(arguments);
    if (callable == nullptr || tuple == nullptr) broken("calls what cannot be called");
    if (*callable == Callable::kOrderedDict) {
      if (!tuple->items.empty()) broken("makes an OrderedDict with arguments");
      push(Dict());
    } else {
      push(rebuild_tensor(*tuple));
    }
  }

  // (storage, offset, sizes, strides, requires_grad, hooks)
  PickledTensor rebuild_tensor(const Tuple& arguments) const {
    const auto& items = arguments.items;
    if (items.size() < 6) broken("rebuilds a tensor from too few arguments");
    const auto* storage = get<PickledStorage>(items[0]);
    const auto* offset = get<std::int64_t>(items[1]);
    if (storage == nullptr || offset == nullptr) broken("rebuilds a tensor from other things");
    PickledTensor tensor;
    tensor.storage = *storage;
    tensor.offset = *offset;
    tensor.shape = integers(items[2]);
    tensor.strides = integers(items[3]);
    return tensor;
  }

  std::vector<std::int64_t> integers(Index index) const {
    const auto* tuple = get<Tuple>(index);
    if (tuple == nullptr || tuple->items.size() > kMaxRank) broken("has a tensor of absurd shape");
    std::vector<std::int64_t> numbers;
    for (const Index item : tuple->items) {
      const auto* number = get<std::int64_t>(item);
      if (number == nullptr) broken("has a tensor of absurd shape");
      numbers.push_back(*number);
    }
    return numbers;
  }

  // The only object with a state is the OrderedDict, whose _metadata is of no use here.
  void build() {
    pop();
    if (get<Dict>(top()) == nullptr) broken("sets the state of what is not a mapping");
  }

  // ("storage", class, key, location, numel); the location is where the tensor once was.
  void push_storage() {
    const auto* tuple = get<Tuple>(pop());
    if (tuple == nullptr || tuple->items.size() != 5) broken("has an unknown persistent id");
    const auto* kind = get<std::string>(tuple->items[0]);
    const auto* dtype = get<DType>(tuple->items[1]);
    const auto* key = get<std::string>(tuple->items[2]);
    const auto* numel = get<std::int64_t>(tuple->items[4]);
    if (kind == nullptr || *kind != "storage" || dtype == nullptr || key == nullptr ||
        key->size() > kMaxNameBytes || numel == nullptr) {
      broken("has an unknown persistent id");
    }
    push(PickledStorage{*key, *dtype, *numel});
  }

  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t position_ = 0;
  const std::string& file_;
  std::deque<Value> values_;  // references stay valid while it grows
  std::vector<Index> stack_;
  std::vector<std::size_t> marks_;  // heights of the stack
  std::unordered_map<std::uint32_t, Index> memo_;
};

}  // namespace

std::vector<PickledTensor> read_pickled_tensors(const std::uint8_t* data, std::size_t size,
                                                const std::string& file) {
  PickleMachine machine(data, size, file);
  const Index root = machine.run();
  return machine.tensors_of(root);
}

}  // namespace lumina::checkpoint
