#include "training/lora.h"

#include <ATen/ATen.h>

#include <nlohmann/json.hpp>
#include <set>

#include "checkpoint/atomic_file.h"
#include "lumina/status.h"
#include "model/layout.h"
#include "training/random.h"
#include "training/tensor_file.h"

namespace lumina::training {
namespace {

constexpr const char* kPeftPrefix = "base_model.model.";

// "q_proj" of "model.layers.3.self_attn.q_proj.weight"; empty for what is no linear layer.
std::string last_part(const std::string& tensor) {
  const std::string suffix = ".weight";
  if (tensor.size() <= suffix.size() ||
      tensor.compare(tensor.size() - suffix.size(), suffix.size(), suffix) != 0) {
    return "";
  }
  const std::string layer = tensor.substr(0, tensor.size() - suffix.size());
  return layer.substr(layer.rfind('.') + 1);
}

}  // namespace

ParameterSet initial_adapters(const checkpoint::ModelConfig& config, const LoraOptions& options,
                              std::uint64_t seed) {
  const std::set<std::string> wanted(options.targets.begin(), options.targets.end());
  std::set<std::string> found;
  ParameterSet adapters;
  for (const auto& spec : model::transformer_tensors(config)) {
    const std::string part = last_part(spec.name);
    const bool linear = spec.name.rfind("model.layers.", 0) == 0 && spec.shape.size() == 2 &&
                        part.find("norm") == std::string::npos;
    if (!linear || wanted.count(part) == 0) continue;
    found.insert(part);
    if (options.rank < 1 || options.rank > std::min(spec.shape[0], spec.shape[1])) {
      throw Error(ErrorCode::kInvalidArgument,
                  "LoRA rank " + std::to_string(options.rank) + " does not fit " + spec.name);
    }
    const std::string layer = spec.name.substr(0, spec.name.rfind('.'));
    at::Generator random = generator(seed, spec.name);
    const double bound = 1.0 / std::sqrt(static_cast<double>(spec.shape[1]));
    adapters.add(
        lora_a(layer),
        at::empty({options.rank, spec.shape[1]}, at::kFloat).uniform_(-bound, bound, random));
    adapters.add(lora_b(layer), at::zeros({spec.shape[0], options.rank}, at::kFloat));
  }
  for (const std::string& target : wanted) {
    if (found.count(target) == 0) {
      throw Error(ErrorCode::kInvalidArgument, "no linear layer is called " + target +
                                                   "; known: q_proj, k_proj, v_proj, o_proj, "
                                                   "gate_proj, up_proj, down_proj");
    }
  }
  if (wanted.empty()) throw Error(ErrorCode::kInvalidArgument, "LoRA needs at least one target");
  return adapters;
}

void write_adapter(const std::string& folder, const ParameterSet& adapters,
                   const LoraOptions& options, const std::string& base) {
  NamedTensors tensors;
  for (std::size_t i = 0; i < adapters.names().size(); ++i) {
    tensors.emplace_back(kPeftPrefix + adapters.names()[i], adapters.tensors()[i]);
  }
  write_tensors(folder + "/adapter_model.safetensors", tensors, {{"format", "pt"}});
  const nlohmann::json config = {{"peft_type", "LORA"},
                                 {"task_type", "CAUSAL_LM"},
                                 {"base_model_name_or_path", base},
                                 {"r", options.rank},
                                 {"lora_alpha", options.alpha},
                                 {"lora_dropout", 0.0},
                                 {"target_modules", options.targets},
                                 {"bias", "none"},
                                 {"fan_in_fan_out", false},
                                 {"inference_mode", true}};
  checkpoint::write_text_file(folder + "/adapter_config.json", config.dump(2) + "\n");
}

}  // namespace lumina::training
