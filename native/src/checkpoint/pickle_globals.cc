#include <map>

#include "checkpoint/pickle.h"

namespace lumina::checkpoint {
namespace {

using Kind = PickledGlobal::Kind;

// Names of torch.<type> as well; the classes of typed storages follow.
const std::map<std::string, DType>& read_types() {
  static const std::map<std::string, DType> kTypes = {
      {"float64", DType::kFloat64}, {"double", DType::kFloat64},    {"float32", DType::kFloat32},
      {"float", DType::kFloat32},   {"float16", DType::kFloat16},   {"half", DType::kFloat16},
      {"int64", DType::kInt64},     {"bfloat16", DType::kBFloat16}, {"long", DType::kInt64},
      {"int32", DType::kInt32},     {"int", DType::kInt32},         {"int16", DType::kInt16},
      {"short", DType::kInt16},     {"int8", DType::kInt8},         {"uint8", DType::kUInt8},
      {"bool", DType::kBool}};
  return kTypes;
}

const std::map<std::string, const char*>& storages() {
  static const std::map<std::string, const char*> kStorages = {
      {"DoubleStorage", "float64"},
      {"FloatStorage", "float32"},
      {"HalfStorage", "float16"},
      {"BFloat16Storage", "bfloat16"},
      {"LongStorage", "int64"},
      {"IntStorage", "int32"},
      {"ShortStorage", "int16"},
      {"CharStorage", "int8"},
      {"ByteStorage", "uint8"},
      {"BoolStorage", "bool"},
      {"ComplexFloatStorage", "complex64"},
      {"ComplexDoubleStorage", "complex128"},
      {"QInt8Storage", "qint8"},
      {"QUInt8Storage", "quint8"},
      {"QInt32Storage", "qint32"},
      {"QUInt4x2Storage", "quint4x2"},
      {"QUInt2x4Storage", "quint2x4"}};
  return kStorages;
}

PickledType type_called(const std::string& name) {
  const auto found = read_types().find(name);
  if (found == read_types().end()) return {std::nullopt, name};
  return {found->second, name};
}

bool starts_with(const std::string& text, const std::string& head) {
  return text.rfind(head, 0) == 0;
}

// Element types that torch has and this program does not read.
bool is_other_type(const std::string& name) {
  for (const char* head : {"float8_", "float4_", "complex", "uint", "qint", "quint", "bits"}) {
    if (starts_with(name, head)) return true;
  }
  return false;
}

Kind kind_of(const std::string& name) {
  static const std::map<std::string, Kind> kKinds = {
      {"collections.OrderedDict", Kind::kMapping},
      {"collections.defaultdict", Kind::kMapping},
      {"collections.Counter", Kind::kMapping},
      {"builtins.dict", Kind::kMapping},
      {"__builtin__.dict", Kind::kMapping},
      {"torch.Tensor", Kind::kTensor},
      {"torch.nn.parameter.Parameter", Kind::kTensor},
      {"torch.nn.parameter.Buffer", Kind::kTensor},
      {"torch.storage.UntypedStorage", Kind::kUntypedStorage},
      {"torch.UntypedStorage", Kind::kUntypedStorage},
      {"torch._utils._rebuild_tensor", Kind::kRebuildTensor},
      {"torch._utils._rebuild_tensor_v2", Kind::kRebuildTensor},
      {"torch._utils._rebuild_tensor_v3", Kind::kRebuildTensorV3},
      {"torch._utils._rebuild_parameter", Kind::kRebuildParameter},
      {"torch._utils._rebuild_parameter_with_state", Kind::kRebuildParameter},
      {"torch._tensor._rebuild_from_type_v2", Kind::kRebuildFromType}};
  const auto found = kKinds.find(name);
  return found == kKinds.end() ? Kind::kOther : found->second;
}

}  // namespace

std::size_t PickledType::size() const {
  if (dtype) return element_size(*dtype);
  static const std::map<std::string, std::size_t> kSizes = {
      {"complex64", 8}, {"complex128", 16}, {"qint8", 1}, {"quint8", 1}, {"qint32", 4}};
  const auto found = kSizes.find(name);
  return found == kSizes.end() ? 0 : found->second;
}

PickledGlobal find_pickled_global(const std::string& module, const std::string& name) {
  const std::string full = module + "." + name;
  if (module == "torch" || module == "torch.storage") {
    const auto storage = storages().find(name);
    if (storage != storages().end()) return {Kind::kStorage, full, type_called(storage->second)};
  }
  if (module == "torch" && (read_types().count(name) > 0 || is_other_type(name))) {
    return {Kind::kElementType, full, type_called(name)};
  }
  return {kind_of(full), full, {}};
}

}  // namespace lumina::checkpoint
