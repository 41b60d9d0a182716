// adapter_config.json of PEFT, versions 0.2 to 0.21: every key is used, harmless or refused.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checkpoint/name_pattern.h"

namespace lumina::checkpoint {

class AdapterConfig {
 public:
  // Throws Error(kCheckpoint) with the file and the key for an adapter that is no plain LoRA: whose
  // base weights are not those of the model, or that changes more than B A adds.
  static AdapterConfig read(const std::string& path);
  static AdapterConfig parse(const std::string& json_text, const std::string& source);

  // What stands in front of B A on a module ("model.layers.0.self_attn.q_proj") whose lora_A has
  // `rank` rows: alpha / r, or alpha / sqrt(r) if the adapter was trained that way
  // (arXiv:2312.03732). Throws Error(kCheckpoint) if the file gives the module another rank or
  // does not adapt it.
  double factor(const std::string& module, std::int64_t rank) const;

 private:
  struct Exception {
    std::string key;
    NamePattern pattern;
    double value;
  };

  struct Numbers {
    double rank;
    double alpha;
  };

  Numbers numbers_today(const std::string& module) const;
  Numbers numbers_before(const std::string& module) const;
  bool adapts(const std::string& module) const;

  std::string source_;
  double rank_ = 0.0;
  double alpha_ = 0.0;
  bool root_ = false;   // divide by the root of the rank
  bool today_ = false;  // names its version of PEFT, which older ones did not
  std::vector<Exception> ranks_;
  std::vector<Exception> alphas_;
  // What the file says is adapted; without a value, whatever it holds tensors of.
  bool lists_targets_ = false;
  std::vector<std::string> targets_;
  std::vector<std::string> excluded_;
  std::vector<std::int64_t> layers_;
};

}  // namespace lumina::checkpoint
