#include "model/adapters.h"

#include <ATen/ATen.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "checkpoint/adapter_config.h"
#include "checkpoint/messages.h"
#include "checkpoint/model_config.h"
#include "checkpoint/safetensors_writer.h"
#include "device/tensors.h"
#include "lumina/status.h"
#include "model/adapter_files.h"
#include "model/layout.h"
#include "model/model_folder.h"
#include "model/storage.h"

namespace lumina::model {
namespace {

// Both matrices of one layer.
struct Pair {
  checkpoint::TensorView a;  // [rank, in]
  checkpoint::TensorView b;  // [out, rank]
};

struct Adapter {
  std::string file;
  double scale = 1.0;
  checkpoint::AdapterConfig config;
  std::map<std::string, Pair> layers;  // by the name of the weight, "model.layers.0. .. .weight"
};

// "model.layers.0.self_attn.q_proj.weight" of
// "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight", and which matrix it is.
bool split_name(const std::string& name, std::string* weight, char* matrix) {
  const std::string head = "base_model.model.";
  for (const char letter : {'A', 'B'}) {
    const std::string tail = std::string(".lora_") + letter + ".weight";
    if (name.size() <= head.size() + tail.size() || name.rfind(head, 0) != 0 ||
        name.compare(name.size() - tail.size(), tail.size(), tail) != 0) {
      continue;
    }
    *weight = name.substr(head.size(), name.size() - head.size() - tail.size()) + ".weight";
    *matrix = letter;
    return true;
  }
  return false;
}

Adapter read_adapter(const AdapterChoice& choice) {
  const AdapterFiles files = find_adapter(choice.path);
  Adapter adapter;
  adapter.file = files.weights;
  adapter.scale = choice.scale;
  adapter.config = checkpoint::AdapterConfig::read(files.config);
  const auto stored = checkpoint::WeightSet::open(adapter.file);
  for (const auto& [name, reason] : stored.unreadable()) {
    checkpoint::fail(adapter.file, "tensor " + checkpoint::quoted(name) + " " + reason);
  }
  for (const auto& [name, view] : stored.tensors()) {
    std::string weight;
    char matrix = 0;
    if (!split_name(name, &weight, &matrix)) {
      checkpoint::fail(adapter.file,
                       "tensor " + name + " belongs to no LoRA adapter of this model");
    }
    (matrix == 'A' ? adapter.layers[weight].a : adapter.layers[weight].b) = view;
  }
  if (adapter.layers.empty()) checkpoint::fail(adapter.file, "adapts nothing");
  return adapter;
}

void check_fit(const Adapter& adapter, const std::string& name, const Pair& pair,
               const checkpoint::TensorView* weight) {
  const auto fail = [&](const std::string& reason) {
    checkpoint::fail(adapter.file, name + " " + reason);
  };
  if (pair.a.data == nullptr || pair.b.data == nullptr) fail("has only one of lora_A and lora_B");
  if (weight == nullptr) fail("is not in the model");
  if (!checkpoint::is_floating(pair.a.dtype) || !checkpoint::is_floating(pair.b.dtype)) {
    fail("is not stored as floating-point numbers");
  }
  const auto& a = pair.a.shape;
  const auto& b = pair.b.shape;
  if (a.size() != 2 || b.size() != 2 || weight->shape.size() != 2 || a[0] != b[1] ||
      a[1] != weight->shape[1] || b[0] != weight->shape[0]) {
    fail("is " + checkpoint::shape_text(weight->shape) + " in the model, which lora_A " +
         checkpoint::shape_text(a) + " and lora_B " + checkpoint::shape_text(b) + " do not fit");
  }
}

checkpoint::TensorView view_of(const at::Tensor& tensor, const checkpoint::TensorView& like) {
  checkpoint::TensorView view = like;
  view.strides = tensor.strides().vec();
  view.data = tensor.const_data_ptr();
  view.owner = std::make_shared<at::Tensor>(tensor);
  view.mapped = false;
  return view;
}

void write_weights(const checkpoint::WeightSet& weights, const std::string& path) {
  std::vector<checkpoint::TensorDeclaration> declarations;
  for (const auto& [name, view] : weights.tensors()) {
    declarations.push_back({name, view.dtype, view.shape});
  }
  checkpoint::SafetensorsWriter writer(path, declarations, {{"format", "pt"}});
  for (const auto& [name, view] : weights.tensors()) {
    const at::Tensor plain = device::to_tensor(view, device::scalar_type(view.dtype)).contiguous();
    writer.append(name, plain.const_data_ptr(), plain.nbytes());
  }
  writer.finish();
}

}  // namespace

std::vector<AdapterChoice> parse_adapters(const std::string& json) {
  const auto fail = [] {
    throw Error(ErrorCode::kInvalidArgument,
                R"(adapters must be a list of {"path": text, "scale": number})");
  };
  const auto list = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!list.is_array()) fail();
  std::vector<AdapterChoice> adapters;
  for (const auto& entry : list) {
    if (!entry.is_object() || !entry.contains("path") || !entry["path"].is_string()) fail();
    const auto scale = entry.value("scale", nlohmann::json(1.0));
    if (!scale.is_number() || !std::isfinite(scale.get<double>())) fail();
    adapters.push_back({entry["path"].get<std::string>(), scale.get<double>()});
  }
  return adapters;
}

checkpoint::WeightSet with_adapters(const checkpoint::WeightSet& weights,
                                    const std::vector<AdapterChoice>& choices) {
  require_plain(weights, "adding adapters");
  std::map<std::string, at::Tensor> sums;
  for (const AdapterChoice& choice : choices) {
    const Adapter adapter = read_adapter(choice);
    for (const auto& [name, pair] : adapter.layers) {
      const checkpoint::TensorView* weight = weights.find(name);
      check_fit(adapter, name, pair, weight);
      const std::string module = name.substr(0, name.rfind('.'));
      const double factor = adapter.scale * adapter.config.factor(module, pair.a.shape[0]);
      at::Tensor& sum = sums[name];
      if (!sum.defined()) sum = device::to_tensor(*weight, at::kFloat).clone();
      sum.add_(at::mm(device::to_tensor(pair.b, at::kFloat), device::to_tensor(pair.a, at::kFloat)),
               factor);
    }
  }
  std::map<std::string, checkpoint::TensorView> tensors = weights.tensors();
  for (auto& [name, sum] : sums) {
    checkpoint::TensorView& view = tensors.at(name);
    view = view_of(sum.to(device::scalar_type(view.dtype)), view);
    sum.reset();
  }
  return checkpoint::WeightSet::in_memory(std::move(tensors), weights.source());
}

void merge_adapters(const std::string& from, const std::vector<AdapterChoice>& adapters,
                    const std::string& to) {
  write_model_folder(from, to, [&](const std::string& file) {
    const auto config = checkpoint::ModelConfig::read(from);
    const auto weights = checkpoint::WeightSet::open(from, transformer_anchors());
    require_transformer(weights, config);
    write_weights(with_adapters(weights, adapters), file);
  });
}

}  // namespace lumina::model
