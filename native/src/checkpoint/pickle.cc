#include "checkpoint/pickle.h"

#include "checkpoint/messages.h"
#include "checkpoint/pickle_machine.h"

namespace lumina::checkpoint {
namespace {

// A name from the file in a message: as it is, but for what a hostile one may hold.
std::string shown(const std::string& name) {
  const std::string text = quoted(name);
  return text.substr(1, text.size() - 2);
}

}  // namespace

Pickle Pickle::read(const PickleSource& source, std::size_t max_values) {
  return PickleMachine(source, max_values).run();
}

const PickledValue* Pickle::find(const PickledDict& dict, const std::string& key) const {
  const PickledValue* found = nullptr;
  for (const auto& [name, value] : dict.items) {
    const auto* text = get<std::string>(name);
    if (text != nullptr && *text == key) found = &values_[value];
  }
  return found;
}

std::string Pickle::describe(PickleIndex index) const {
  struct Describer {
    std::string operator()(std::monostate) const { return "None"; }
    std::string operator()(bool) const { return "a truth value"; }
    std::string operator()(std::int64_t) const { return "an integer"; }
    std::string operator()(double) const { return "a number"; }
    std::string operator()(const std::string&) const { return "a text"; }
    std::string operator()(const PickledTuple&) const { return "a tuple"; }
    std::string operator()(const PickledList&) const { return "a list"; }
    std::string operator()(const PickledDict&) const { return "a dict"; }
    std::string operator()(const PickledGlobal& global) const { return shown(global.name); }
    std::string operator()(const PickledPlaceholder& made) const {
      return "made by " + shown(made.from);
    }
    std::string operator()(const PickledStorage&) const { return "a storage"; }
    std::string operator()(const PickledTensor&) const { return "a tensor"; }
  };
  return std::visit(Describer{}, values_[index]);
}

}  // namespace lumina::checkpoint
