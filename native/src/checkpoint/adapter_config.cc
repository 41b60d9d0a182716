#include "checkpoint/adapter_config.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "checkpoint/json_text.h"
#include "checkpoint/known_keys.h"
#include "checkpoint/mapped_file.h"
#include "checkpoint/messages.h"

namespace lumina::checkpoint {
namespace {

using Json = nlohmann::json;
using Use = KnownKey::Use;

#define LUMINA_MERGE "merge it into its base with PEFT (merge_and_unload) and use that model"

// Every key that PEFT has written from 0.2 to 0.21.
const std::vector<KnownKey>& adapter_keys() {
  static const std::vector<KnownKey> keys = {
      {"peft_type", Use::kFixed, R"(["LORA"])", "of PEFT's adapters only LoRA is supported"},
      {"r", Use::kRead},
      {"lora_alpha", Use::kRead},
      {"use_rslora", Use::kRead},
      {"rank_pattern", Use::kRead},
      {"alpha_pattern", Use::kRead},
      {"init_lora_weights", Use::kRead},
      {"target_modules", Use::kRead},
      {"exclude_modules", Use::kRead},
      {"layers_to_transform", Use::kRead},
      {"peft_version", Use::kRead},

      {"use_dora", Use::kFixed, "[false]", "DoRA is not supported; " LUMINA_MERGE},
      {"use_qalora", Use::kFixed, "[false]", "QA-LoRA is not supported; " LUMINA_MERGE},
      {"use_bdlora", Use::kFixed, "[false]", "block-diagonal LoRA is not supported; " LUMINA_MERGE},
      {"kasa_config", Use::kFixed, "[]", "KaSA changes the base weights; " LUMINA_MERGE},
      {"velora_config", Use::kFixed, "[]", "VeLoRA is not supported; " LUMINA_MERGE},
      {"monteclora_config", Use::kFixed, "[]", "Monte Carlo LoRA is not supported"},
      {"arrow_config", Use::kFixed, "[]", "routing between adapters is not supported"},
      {"alora_invocation_tokens", Use::kFixed, "[[]]",
       "an activated LoRA, which works from certain tokens on, is not supported"},
      {"bias", Use::kFixed, R"(["none"])", "trained biases are not supported; " LUMINA_MERGE},
      {"lora_bias", Use::kFixed, "[false]", "biases of lora_B are not supported; " LUMINA_MERGE},
      {"modules_to_save", Use::kFixed, "[[]]",
       "whole modules that were trained as well are not supported; " LUMINA_MERGE},
      {"trainable_token_indices", Use::kFixed, "[[], {}]",
       "trained rows of the embedding are not supported; " LUMINA_MERGE},
      {"target_parameters", Use::kFixed, "[[]]",
       "adapters of bare parameters are not supported; " LUMINA_MERGE},
      {"layer_replication", Use::kFixed, "[[]]",
       "layers that are used more than once are not supported; " LUMINA_MERGE},
      {"megatron_config", Use::kFixed, "[{}]", "Megatron's parallel layers are not supported"},
      {"ensure_weight_tying", Use::kFixed, "[false]",
       "tied adapters are not supported; " LUMINA_MERGE},
      {"enable_lora", Use::kFixed, "[[]]",
       "adapters of parts of a matrix are not supported; " LUMINA_MERGE},

      {"lora_dropout", Use::kHarmless, "[]", "for training"},
      // PEFT itself sets it aside for nn.Linear, which every layer of this model is.
      {"fan_in_fan_out", Use::kHarmless, "[]", "not for linear layers"},
      {"layers_pattern", Use::kHarmless, "[]", "the layers of this model have one name"},
      {"task_type", Use::kHarmless, "[]", "for PEFT's own classes"},
      {"auto_mapping", Use::kHarmless, "[]", "for PEFT's own classes"},
      {"inference_mode", Use::kHarmless, "[]", "for training"},
      {"merge_weights", Use::kHarmless, "[]", "for training"},
      {"base_model_name_or_path", Use::kHarmless, "[]", "information"},
      {"revision", Use::kHarmless, "[]", "information"},
      {"runtime_config", Use::kHarmless, "[]", "how PEFT runs"},
      {"megatron_core", Use::kHarmless, "[]", "the name of a Python module"},
      {"qalora_group_size", Use::kHarmless, "[]", "only with use_qalora"},
      // Of the kinds of initialisation, see below.
      {"loftq_config", Use::kHarmless, "[]", "only with init_lora_weights \"loftq\""},
      {"eva_config", Use::kHarmless, "[]", "only with init_lora_weights \"eva\""},
      {"corda_config", Use::kHarmless, "[]", "only with init_lora_weights \"corda\""},
      {"lora_ga_config", Use::kHarmless, "[]", "only with init_lora_weights \"lora_ga\""},
  };
  return keys;
}

// How the adapter began. Some kinds take what they begin with out of the base weights, so that the
// adapter is one of other weights than those of the model that was started from.
void check_initialisation(const Json& value, const std::string& source) {
  if (value.is_null() || value.is_boolean()) return;
  if (!value.is_string()) fail(source, "key \"init_lora_weights\" is neither a text nor a boolean");
  const auto given = value.get<std::string>();
  std::string kind = given;
  std::transform(kind.begin(), kind.end(), kind.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const char* plain : {"gaussian", "eva", "orthogonal", "mica"}) {
    if (kind == plain) return;
  }
  const auto refuse = [&](const std::string& what) {
    fail(source, "key \"init_lora_weights\" is " + quoted(given) + ": " + what);
  };
  if (kind.rfind("pissa", 0) == 0 || kind.rfind("corda", 0) == 0 || kind == "olora" ||
      kind == "lora_ga") {
    refuse(
        "such an adapter has changed the weights it stands on; save it as an ordinary LoRA with "
        "PEFT: save_pretrained(DIR, path_initial_model_for_weight_conversion=DIR_OF_ITS_START)");
  }
  if (kind == "loftq") {
    refuse("such an adapter stands on quantised weights; " LUMINA_MERGE);
  }
  refuse("this kind is not known, and may have changed the weights it stands on; " LUMINA_MERGE);
}

#undef LUMINA_MERGE

const Json* find(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

double positive(const Json& object, const char* key, const std::string& source) {
  const Json* value = find(object, key);
  if (value == nullptr || !value->is_number() || !(value->get<double>() > 0.0)) {
    fail(source, std::string(key) + " must be a number above 0");
  }
  return value->get<double>();
}

bool flag(const Json& object, const char* key, const std::string& source) {
  const Json* value = find(object, key);
  if (value == nullptr) return false;
  if (!value->is_boolean()) fail(source, "key " + quoted(key) + " is not true or false");
  return value->get<bool>();
}

std::vector<std::string> texts(const Json& list, const char* key, const std::string& source) {
  std::vector<std::string> all;
  for (const Json& entry : list) {
    if (!entry.is_string()) fail(source, "key " + quoted(key) + " holds something else than text");
    all.push_back(entry.get<std::string>());
  }
  return all;
}

// A module is named by its whole name, or by the end of it from a dot on.
bool names(const std::vector<std::string>& ends, const std::string& module) {
  return std::any_of(ends.begin(), ends.end(), [&](const std::string& end) {
    return module == end ||
           (module.size() > end.size() && module[module.size() - end.size() - 1] == '.' &&
            module.compare(module.size() - end.size(), end.size(), end) == 0);
  });
}

std::string number_text(double value) { return Json(value).dump(); }

}  // namespace

AdapterConfig AdapterConfig::read(const std::string& path) {
  const auto file = MappedFile::open(path);
  return parse(std::string(reinterpret_cast<const char*>(file->data()), file->size()), path);
}

AdapterConfig AdapterConfig::parse(const std::string& json_text, const std::string& source) {
  const Json object = parse_python_json_object(json_text, source);
  // First of all what it is: the keys of another kind would be named one by one.
  if (const Json* type = find(object, "peft_type")) {
    check_keys({{"peft_type", *type}}, adapter_keys(), source);
  }
  check_initialisation(object.value("init_lora_weights", Json(nullptr)), source);
  check_keys(object, adapter_keys(), source);

  AdapterConfig config;
  config.source_ = source;
  config.rank_ = positive(object, "r", source);
  config.alpha_ = positive(object, "lora_alpha", source);
  config.root_ = flag(object, "use_rslora", source);
  config.today_ = find(object, "peft_version") != nullptr;
  const auto exceptions = [&](const char* key) {
    std::vector<Exception> all;
    const Json* patterns = find(object, key);
    if (patterns == nullptr) return all;
    if (!patterns->is_object()) fail(source, "key " + quoted(key) + " is not an object");
    for (const auto& [pattern, value] : patterns->items()) {
      const double number = positive(*patterns, pattern.c_str(), source);
      try {
        all.push_back({pattern, NamePattern(pattern), number});
      } catch (const std::regex_error&) {
        fail(source, "key " + quoted(key) + " holds the pattern " + quoted(pattern) +
                         ", which is not supported; name the modules themselves");
      }
    }
    return all;
  };
  config.ranks_ = exceptions("rank_pattern");
  config.alphas_ = exceptions("alpha_pattern");

  if (const Json* targets = find(object, "target_modules"); targets && targets->is_array()) {
    config.lists_targets_ = true;
    config.targets_ = texts(*targets, "target_modules", source);
  }
  if (const Json* excluded = find(object, "exclude_modules"); excluded && excluded->is_array()) {
    config.excluded_ = texts(*excluded, "exclude_modules", source);
  }
  if (const Json* layers = find(object, "layers_to_transform")) {
    for (const Json& layer : layers->is_array() ? *layers : Json::array({*layers})) {
      std::int64_t number = 0;
      if (!to_int64(layer, &number)) fail(source, "layers_to_transform must be whole numbers");
      config.layers_.push_back(number);
    }
  }
  return config;
}

// PEFT looks up the two patterns apart from each other.
AdapterConfig::Numbers AdapterConfig::numbers_today(const std::string& module) const {
  const auto of = [&](const std::vector<Exception>& exceptions, double otherwise) {
    for (const Exception& entry : exceptions) {
      if (entry.pattern.matches_end(module)) return entry.value;
    }
    return otherwise;
  };
  return {of(ranks_, rank_), of(alphas_, alpha_)};
}

// Up to 0.13 it took the first pattern of either kind that matches, behind a dot, as the key of
// both.
AdapterConfig::Numbers AdapterConfig::numbers_before(const std::string& module) const {
  std::optional<std::string> key;
  for (const auto* exceptions : {&ranks_, &alphas_}) {
    for (const Exception& entry : *exceptions) {
      if (!key && entry.pattern.matches_end(module)) key = entry.key;
    }
  }
  const auto of = [&](const std::vector<Exception>& exceptions, double otherwise) {
    for (const Exception& entry : exceptions) {
      if (entry.key == key.value_or(module)) return entry.value;
    }
    return otherwise;
  };
  return {of(ranks_, rank_), of(alphas_, alpha_)};
}

bool AdapterConfig::adapts(const std::string& module) const {
  if (lists_targets_ && !names(targets_, module)) return false;
  if (names(excluded_, module)) return false;
  if (layers_.empty()) return true;
  const std::string head = "model.layers.";
  if (module.compare(0, head.size(), head) != 0) return false;
  const std::int64_t layer = std::strtoll(module.c_str() + head.size(), nullptr, 10);
  return std::find(layers_.begin(), layers_.end(), layer) != layers_.end();
}

double AdapterConfig::factor(const std::string& module, std::int64_t rank) const {
  if (!adapts(module)) {
    fail(source_, "says that " + module + " is not adapted (target_modules, exclude_modules, " +
                      "layers_to_transform), and yet there are weights for it");
  }
  const auto given = static_cast<double>(rank);
  Numbers numbers = numbers_today(module);
  if (!today_) {
    const Numbers before = numbers_before(module);
    if (numbers.rank != given) numbers = before;
    if (before.rank == given && before.alpha != numbers.alpha) {
      fail(source_, "gives " + module + " the lora_alpha " + number_text(before.alpha) + " or " +
                        number_text(numbers.alpha) +
                        ", depending on the version of PEFT: alpha_pattern has to name the "
                        "modules as rank_pattern does");
    }
  }
  if (numbers.rank != given) {
    fail(source_, "gives " + module + " rank " + number_text(numbers.rank) +
                      ", but its weights have rank " + std::to_string(rank));
  }
  return numbers.alpha / (root_ ? std::sqrt(given) : given);
}

}  // namespace lumina::checkpoint
