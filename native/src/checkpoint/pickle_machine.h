// The machine behind Pickle::read(): opcodes are in pickle_machine.cc, what they do with classes
// and objects in pickle_objects.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checkpoint/messages.h"
#include "checkpoint/pickle.h"

namespace lumina::checkpoint {

class PickleMachine {
 public:
  PickleMachine(const PickleSource& source, std::size_t max_values)
      : data_(source.data), size_(source.size), source_(source), max_values_(max_values) {}

  // Runs to STOP.
  Pickle run();

 private:
  [[noreturn]] void broken(const std::string& what) const {
    fail(source_.file, source_.name.empty() ? "the pickle " + what : source_.name + " " + what);
  }

  // --- bytes ---
  const std::uint8_t* take(std::uint64_t count);
  std::uint64_t take_little_endian(int bytes);
  std::string take_text(std::uint64_t bytes);
  std::string take_line();

  // --- stack ---
  void check_room(std::size_t count) const {
    if (count >= max_values_) broken("makes an absurd number of values");
  }

  void push_index(PickleIndex index) {
    check_room(stack_.size());
    stack_.push_back(index);
  }

  void push(PickledValue value) {
    check_room(pickle_.values_.size());
    pickle_.values_.push_back(std::move(value));
    push_index(static_cast<PickleIndex>(pickle_.values_.size() - 1));
  }

  void push_placeholder(const std::string& from) { push(PickledPlaceholder{from}); }

  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }

  PickleIndex top() const {
    if (stack_.size() <= floor()) broken("takes from an empty stack");
    return stack_.back();
  }

  PickleIndex pop() {
    const PickleIndex index = top();
    stack_.pop_back();
    return index;
  }

  std::vector<PickleIndex> pop_to_mark();

  template <typename Kind>
  const Kind* get(PickleIndex index) const {
    return pickle_.get<Kind>(index);
  }

  // The value on top if it is of that kind, to be changed.
  template <typename Kind>
  Kind* top_as() {
    return std::get_if<Kind>(&pickle_.values_[top()]);
  }

  // --- opcodes ---
  void step(std::uint8_t opcode);
  void check_protocol();
  void push_long(std::uint64_t bytes);
  void push_float();
  void skip_bytes(int length_bytes, const char* kind);
  // POP also takes a mark that nothing stands on.
  void pop_one();
  void push_tuple(int count);
  void append(const std::vector<PickleIndex>& items);
  void add_items();
  void push_dict();
  void set_items(const std::vector<PickleIndex>& items);
  void remember(std::uint64_t slot);
  void recall(std::uint64_t slot);

  void push_named_global(const std::string& module, const std::string& name);
  void push_global();
  void push_stack_global();

  // --- objects ---
  void reduce();
  void call(PickleIndex callee, const PickledTuple& arguments);
  // A mapping, empty or from another mapping or from pairs; of a defaultdict the argument is what
  // makes missing values.
  void push_mapping(const PickledGlobal& global, const PickledTuple& arguments);
  const std::vector<PickleIndex>* items_of(PickleIndex index) const;
  // A tensor of which one part is a placeholder is one itself, made by the same.
  bool pushed_placeholder_for(const PickledTuple& arguments, std::size_t needed);
  // `type`: null for that of the storage.
  void push_tensor(const PickledTuple& arguments, const PickledType* type);
  void push_tensor_v3(const PickledTuple& arguments);
  // The first argument itself.
  void push_wrapped(const PickledGlobal& global, const PickledTuple& arguments);
  void rebuild_from_type(const PickledGlobal& global, const PickledTuple& arguments);
  std::vector<std::int64_t> integers(PickleIndex index) const;
  // States are of no use here: _metadata of a state dict, attributes of an object.
  void build();
  // ("storage", class, key, location, numel, and in old files a view); the location is where the
  // tensor once was.
  void push_storage();

  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t position_ = 0;
  const PickleSource& source_;
  std::size_t max_values_;
  std::size_t copied_ = 0;  // items of mappings made of others
  Pickle pickle_;
  std::vector<PickleIndex> stack_;
  std::vector<std::size_t> marks_;  // heights of the stack
  std::unordered_map<std::uint32_t, PickleIndex> memo_;
};

}  // namespace lumina::checkpoint
