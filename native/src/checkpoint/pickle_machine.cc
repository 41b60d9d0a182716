#include "checkpoint/pickle_machine.h"

#include <cstdio>
#include <cstring>

#include "checkpoint/pickle_opcodes.h"

namespace lumina::checkpoint {
namespace {

constexpr std::size_t kMaxStringBytes = std::size_t{1} << 20;
constexpr std::uint64_t kOldestProtocol = 2;
constexpr std::uint64_t kNewestProtocol = 5;

}  // namespace

Pickle PickleMachine::run() {
  for (;;) {
    const std::uint8_t opcode = *take(1);
    if (static_cast<Opcode>(opcode) == Opcode::kStop) break;
    step(opcode);
  }
  pickle_.root_ = pop();
  pickle_.bytes_ = position_;
  return std::move(pickle_);
}

const std::uint8_t* PickleMachine::take(std::uint64_t count) {
  if (count > size_ - position_) broken("is truncated");
  const std::uint8_t* bytes = data_ + position_;
  position_ += count;
  return bytes;
}

std::uint64_t PickleMachine::take_little_endian(int bytes) {
  const std::uint8_t* from = take(bytes);
  std::uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) value |= std::uint64_t{from[i]} << (8 * i);
  return value;
}

std::string PickleMachine::take_text(std::uint64_t bytes) {
  if (bytes > kMaxStringBytes) broken("holds an absurdly long text");
  return std::string(reinterpret_cast<const char*>(take(bytes)), bytes);
}

std::string PickleMachine::take_line() {
  const auto* end = std::memchr(data_ + position_, '\n', size_ - position_);
  if (end == nullptr) broken("is truncated");
  const auto bytes = static_cast<const std::uint8_t*>(end) - (data_ + position_);
  std::string line = take_text(bytes);
  take(1);
  return line;
}

std::vector<PickleIndex> PickleMachine::pop_to_mark() {
  if (marks_.empty()) broken("has no mark where one is needed");
  std::vector<PickleIndex> items(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()),
                                 stack_.end());
  stack_.resize(marks_.back());
  marks_.pop_back();
  return items;
}

void PickleMachine::step(std::uint8_t opcode) {
  switch (static_cast<Opcode>(opcode)) {
    case Opcode::kProto: return check_protocol();
    case Opcode::kFrame: take(8); return;  // an announcement of size, for readers of streams
    case Opcode::kNone: return push(std::monostate());
    case Opcode::kNewTrue: return push(true);
    case Opcode::kNewFalse: return push(false);
    case Opcode::kBinInt:
      return push(std::int64_t{static_cast<std::int32_t>(take_little_endian(4))});
    case Opcode::kBinInt1: return push(static_cast<std::int64_t>(take_little_endian(1)));
    case Opcode::kBinInt2: return push(static_cast<std::int64_t>(take_little_endian(2)));
    case Opcode::kLong1: return push_long(take_little_endian(1));
    case Opcode::kLong4: return push_long(take_little_endian(4));
    case Opcode::kBinFloat: return push_float();
    case Opcode::kShortBinString:
    case Opcode::kShortBinUnicode: return push(take_text(take_little_endian(1)));
    case Opcode::kBinString:
    case Opcode::kBinUnicode: return push(take_text(take_little_endian(4)));
    case Opcode::kBinUnicode8: return push(take_text(take_little_endian(8)));
    case Opcode::kShortBinBytes: return skip_bytes(1, "bytes");
    case Opcode::kBinBytes: return skip_bytes(4, "bytes");
    case Opcode::kBinBytes8: return skip_bytes(8, "bytes");
    case Opcode::kByteArray8: return skip_bytes(8, "bytearray");
    case Opcode::kMark: check_room(marks_.size()); return marks_.push_back(stack_.size());
    case Opcode::kPop: return pop_one();
    case Opcode::kPopMark: pop_to_mark(); return;
    case Opcode::kDup: return push_index(top());
    case Opcode::kEmptyTuple: return push(PickledTuple());
    case Opcode::kTuple1: return push_tuple(1);
    case Opcode::kTuple2: return push_tuple(2);
    case Opcode::kTuple3: return push_tuple(3);
    case Opcode::kTuple: return push(PickledTuple{pop_to_mark()});
    case Opcode::kEmptyList: return push(PickledList());
    case Opcode::kList: return push(PickledList{pop_to_mark()});
    case Opcode::kAppend: return append({pop()});
    case Opcode::kAppends: return append(pop_to_mark());
    case Opcode::kEmptySet: return push_placeholder("set");
    case Opcode::kAddItems: return add_items();
    case Opcode::kFrozenSet: pop_to_mark(); return push_placeholder("frozenset");
    case Opcode::kEmptyDict: return push(PickledDict());
    case Opcode::kDict: return push_dict();
    case Opcode::kSetItem: {
      const PickleIndex value = pop();
      const PickleIndex key = pop();
      return set_items({key, value});
    }
    case Opcode::kSetItems: return set_items(pop_to_mark());
    case Opcode::kBinPut: return remember(take_little_endian(1));
    case Opcode::kLongBinPut: return remember(take_little_endian(4));
    case Opcode::kMemoize: return remember(memo_.size());
    case Opcode::kBinGet: return recall(take_little_endian(1));
    case Opcode::kLongBinGet: return recall(take_little_endian(4));
    case Opcode::kGlobal: return push_global();
    case Opcode::kStackGlobal: return push_stack_global();
    case Opcode::kReduce:
    case Opcode::kNewObj: return reduce();
    case Opcode::kNewObjEx: pop(); return reduce();  // without the arguments by name
    case Opcode::kBuild: return build();
    case Opcode::kBinPersId: return push_storage();
    case Opcode::kStop: break;
  }
  char hex[8];
  std::snprintf(hex, sizeof hex, "0x%02x", opcode);
  fail(source_.file,
       std::string("pickle opcode ") + hex + " (" + opcode_name(opcode) + ") is not allowed");
}

void PickleMachine::check_protocol() {
  const auto version = take_little_endian(1);
  if (version < kOldestProtocol || version > kNewestProtocol) {
    broken("has pickle protocol " + std::to_string(version) + ", only 2 to 5 are read");
  }
}

void PickleMachine::push_long(std::uint64_t bytes) {
  if (bytes > 8) {
    take(bytes);
    return push_placeholder("an integer of more than 64 bits");
  }
  const int count = static_cast<int>(bytes);
  std::uint64_t value = take_little_endian(count);
  // Two's complement of `count` bytes: extend the sign.
  if (count > 0 && count < 8 && (value >> (8 * count - 1)) & 1) value |= ~0ull << (8 * count);
  push(static_cast<std::int64_t>(value));
}

void PickleMachine::push_float() {
  const std::uint8_t* bytes = take(8);
  std::uint64_t bits = 0;
  for (int i = 0; i < 8; ++i) bits = bits << 8 | bytes[i];
  double value;
  std::memcpy(&value, &bits, sizeof value);
  push(value);
}

void PickleMachine::skip_bytes(int length_bytes, const char* kind) {
  take(take_little_endian(length_bytes));
  push_placeholder(kind);
}

void PickleMachine::pop_one() {
  if (!marks_.empty() && marks_.back() == stack_.size()) return marks_.pop_back();
  pop();
}

void PickleMachine::push_tuple(int count) {
  std::vector<PickleIndex> items(count);
  for (int i = count; i-- > 0;) items[i] = pop();
  push(PickledTuple{std::move(items)});
}

void PickleMachine::append(const std::vector<PickleIndex>& items) {
  if (auto* list = top_as<PickledList>()) {
    list->items.insert(list->items.end(), items.begin(), items.end());
  } else if (top_as<PickledPlaceholder>() == nullptr) {
    broken("appends to what is not a list");
  }
}

void PickleMachine::add_items() {
  pop_to_mark();
  if (top_as<PickledPlaceholder>() == nullptr) broken("adds items to what is not a set");
}

void PickleMachine::push_dict() {
  const auto items = pop_to_mark();
  push(PickledDict());
  set_items(items);
}

void PickleMachine::set_items(const std::vector<PickleIndex>& items) {
  if (items.size() % 2 != 0) broken("sets a key without a value");
  auto* dict = top_as<PickledDict>();
  if (dict == nullptr) {
    if (top_as<PickledPlaceholder>() == nullptr) broken("sets items of what is not a mapping");
    return;
  }
  for (std::size_t i = 0; i < items.size(); i += 2) {
    dict->items.emplace_back(items[i], items[i + 1]);
  }
}

void PickleMachine::remember(std::uint64_t slot) {
  check_room(memo_.size());
  memo_[static_cast<std::uint32_t>(slot)] = top();
}

void PickleMachine::recall(std::uint64_t slot) {
  const auto found = memo_.find(static_cast<std::uint32_t>(slot));
  if (found == memo_.end()) broken("recalls a value that it never stored");
  push_index(found->second);
}

}  // namespace lumina::checkpoint
