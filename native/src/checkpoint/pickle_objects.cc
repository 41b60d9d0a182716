#include "checkpoint/extents.h"
#include "checkpoint/pickle_machine.h"

namespace lumina::checkpoint {
namespace {

constexpr std::size_t kMaxKeyBytes = 256;  // of a storage
constexpr std::size_t kMaxGlobalBytes = 256;

using Kind = PickledGlobal::Kind;

}  // namespace

void PickleMachine::push_named_global(const std::string& module, const std::string& name) {
  if (module.size() + name.size() > kMaxGlobalBytes) broken("names a class absurdly long");
  push(find_pickled_global(module, name));
}

void PickleMachine::push_global() {
  const std::string module = take_line();
  const std::string name = take_line();
  push_named_global(module, name);
}

void PickleMachine::push_stack_global() {
  const auto* name = get<std::string>(pop());
  const auto* module = get<std::string>(pop());
  if (name == nullptr || module == nullptr) broken("names a class by what is not text");
  push_named_global(*module, *name);
}

void PickleMachine::reduce() {
  const PickleIndex arguments = pop();
  const PickleIndex callee = pop();
  const auto* tuple = get<PickledTuple>(arguments);
  if (tuple == nullptr) broken("calls something without a tuple of arguments");
  call(callee, *tuple);
}

void PickleMachine::call(PickleIndex callee, const PickledTuple& arguments) {
  if (const auto* made = get<PickledPlaceholder>(callee)) return push_placeholder(made->from);
  const auto* global = get<PickledGlobal>(callee);
  if (global == nullptr) broken("calls what cannot be called");
  switch (global->kind) {
    case Kind::kMapping: return push_mapping(*global, arguments);
    case Kind::kRebuildTensor: return push_tensor(arguments, nullptr);
    case Kind::kRebuildTensorV3: return push_tensor_v3(arguments);
    case Kind::kTensor:
    case Kind::kRebuildParameter: return push_wrapped(*global, arguments);
    case Kind::kRebuildFromType: return rebuild_from_type(*global, arguments);
    case Kind::kElementType:
    case Kind::kStorage:
    case Kind::kUntypedStorage:
    case Kind::kOther: break;
  }
  push_placeholder(global->name);
}

void PickleMachine::push_mapping(const PickledGlobal& global, const PickledTuple& arguments) {
  PickledDict dict;
  if (!arguments.items.empty()) {
    const PickleIndex from = arguments.items[0];
    if (const auto* other = get<PickledDict>(from)) {
      dict = *other;
    } else if (const auto* list = get<PickledList>(from)) {
      for (const PickleIndex item : list->items) {
        const std::vector<PickleIndex>* pair = items_of(item);
        if (pair == nullptr || pair->size() != 2) broken("makes a mapping of other than pairs");
        dict.items.emplace_back((*pair)[0], (*pair)[1]);
      }
    } else if (get<PickledGlobal>(from) == nullptr && get<std::monostate>(from) == nullptr) {
      return push_placeholder(global.name);
    }
  }
  copied_ += dict.items.size();
  check_room(copied_);
  push(std::move(dict));
}

const std::vector<PickleIndex>* PickleMachine::items_of(PickleIndex index) const {
  if (const auto* tuple = get<PickledTuple>(index)) return &tuple->items;
  if (const auto* list = get<PickledList>(index)) return &list->items;
  return nullptr;
}

bool PickleMachine::pushed_placeholder_for(const PickledTuple& arguments, std::size_t needed) {
  if (arguments.items.size() < needed) broken("rebuilds a tensor from too few arguments");
  for (std::size_t i = 0; i < needed; ++i) {
    if (const auto* made = get<PickledPlaceholder>(arguments.items[i])) {
      push_placeholder(made->from);
      return true;
    }
  }
  return false;
}

void PickleMachine::push_tensor(const PickledTuple& arguments, const PickledType* type) {
  if (pushed_placeholder_for(arguments, 4)) return;
  const auto& items = arguments.items;
  const auto* storage = get<PickledStorage>(items[0]);
  const auto* offset = get<std::int64_t>(items[1]);
  if (storage == nullptr || offset == nullptr) broken("rebuilds a tensor from other things");
  push(PickledTensor{*storage, type == nullptr ? storage->type : *type, *offset, integers(items[2]),
                     integers(items[3])});
}

void PickleMachine::push_tensor_v3(const PickledTuple& arguments) {
  if (arguments.items.size() < 7) broken("rebuilds a tensor from too few arguments");
  const auto* type = get<PickledGlobal>(arguments.items[6]);
  if (type == nullptr || type->kind != Kind::kElementType) {
    broken("rebuilds a tensor from other things");
  }
  push_tensor(arguments, &type->type);
}

void PickleMachine::push_wrapped(const PickledGlobal& global, const PickledTuple& arguments) {
  if (arguments.items.empty()) return push_placeholder(global.name);
  const PickleIndex inner = arguments.items[0];
  if (get<PickledTensor>(inner) == nullptr && get<PickledPlaceholder>(inner) == nullptr) {
    return push_placeholder(global.name);
  }
  push_index(inner);
}

void PickleMachine::rebuild_from_type(const PickledGlobal& global, const PickledTuple& arguments) {
  if (arguments.items.size() < 3) broken("rebuilds a tensor from too few arguments");
  const PickleIndex function = arguments.items[0];
  const auto* kind = get<PickledGlobal>(arguments.items[1]);
  const auto* inner = get<PickledTuple>(arguments.items[2]);
  const auto* callee = get<PickledGlobal>(function);
  if (inner == nullptr || kind == nullptr) broken("rebuilds a tensor from other things");
  // A subclass may mean something else by its numbers.
  if (kind->kind != Kind::kTensor) return push_placeholder(kind->name);
  if (callee != nullptr && callee->kind == Kind::kRebuildFromType) {
    return push_placeholder(global.name);
  }
  call(function, *inner);
}

std::vector<std::int64_t> PickleMachine::integers(PickleIndex index) const {
  const auto* items = items_of(index);
  if (items == nullptr || items->size() > kMaxRank) broken("has a tensor of absurd shape");
  std::vector<std::int64_t> numbers;
  for (const PickleIndex item : *items) {
    const auto* number = get<std::int64_t>(item);
    if (number == nullptr) broken("has a tensor of absurd shape");
    numbers.push_back(*number);
  }
  return numbers;
}

void PickleMachine::build() {
  pop();
  const PickleIndex object = top();
  if (get<PickledDict>(object) == nullptr && get<PickledPlaceholder>(object) == nullptr &&
      get<PickledTensor>(object) == nullptr) {
    broken("sets the state of what has none");
  }
}

void PickleMachine::push_storage() {
  const auto* tuple = get<PickledTuple>(pop());
  if (tuple == nullptr || tuple->items.empty()) broken("has an unknown persistent id");
  const auto& items = tuple->items;
  const auto* kind = get<std::string>(items[0]);
  // Old files keep the source of a module's class that way: the class follows.
  if (kind != nullptr && *kind == "module" && items.size() > 1) return push_index(items[1]);
  if (kind == nullptr || *kind != "storage" || items.size() < 5 || items.size() > 6) {
    broken("has an unknown persistent id");
  }
  const auto* storage = get<PickledGlobal>(items[1]);
  const auto* key = get<std::string>(items[2]);
  const auto* numel = get<std::int64_t>(items[4]);
  if (storage == nullptr || key == nullptr || key->size() > kMaxKeyBytes || numel == nullptr) {
    broken("has an unknown persistent id");
  }
  const bool view = items.size() == 6 && get<std::monostate>(items[5]) == nullptr;
  if (storage->kind == Kind::kUntypedStorage && !view) {
    return push(PickledStorage{*key, {DType::kUInt8, "bytes"}, *numel});
  }
  if (storage->kind != Kind::kStorage || view) return push_placeholder(storage->name);
  push(PickledStorage{*key, storage->type, *numel});
}

}  // namespace lumina::checkpoint
