#include "checkpoint/rope_config.h"

#include <optional>

#include "checkpoint/json_text.h"
#include "checkpoint/messages.h"

namespace lumina::checkpoint {
namespace {

using Json = nlohmann::json;
using Use = KnownKey::Use;

constexpr double kLargestTheta = 1e15;
constexpr double kLargestFactor = 1e6;

// Keys of rope_scaling and rope_parameters.
const std::vector<KnownKey>& rope_keys() {
  static const std::vector<KnownKey> keys = {
      {"type", Use::kRead},
      {"rope_type", Use::kRead},
      {"factor", Use::kRead},
      {"rope_theta", Use::kRead},
      {"original_max_position_embeddings", Use::kRead},
      {"partial_rotary_factor", Use::kFixed, "[1.0]", "this model turns whole heads"},
      {"attention_factor", Use::kFixed, "[1.0]", "this model does not scale its rotations"},
      {"mrope_section", Use::kFixed, "[[]]", "positions of this model have one dimension"},
      {"mrope_interleaved", Use::kFixed, "[false]", "positions of this model have one dimension"},
      {"finetuned", Use::kHarmless, "[]", "information"},
      {"beta_fast", Use::kHarmless, "[]", "only with yarn"},
      {"beta_slow", Use::kHarmless, "[]", "only with yarn"},
      {"mscale", Use::kHarmless, "[]", "only with yarn"},
      {"mscale_all_dim", Use::kHarmless, "[]", "only with yarn"},
      {"truncate", Use::kHarmless, "[]", "only with yarn"},
      {"short_factor", Use::kHarmless, "[]", "only with longrope"},
      {"long_factor", Use::kHarmless, "[]", "only with longrope"},
      {"low_freq_factor", Use::kHarmless, "[]", "only with llama3"},
      {"high_freq_factor", Use::kHarmless, "[]", "only with llama3"},
  };
  return keys;
}

// What one of the objects says.
struct Said {
  RopeScaling scaling;
  std::optional<double> theta;
};

RopeScaling::Type type_of(const KeyReader& keys) {
  const std::string plain = keys.text("type", "");
  const std::string newer = keys.text("rope_type", plain);  // as newer configs spell it
  if (keys.find("type") != nullptr && plain != newer) {
    keys.reject("rope_type",
                "is " + quoted(newer) + ", but \"type\" beside it is " + quoted(plain));
  }
  if (newer == "default") return RopeScaling::Type::kNone;
  if (newer == "linear") return RopeScaling::Type::kLinear;
  if (newer == "dynamic") return RopeScaling::Type::kDynamic;
  const char* key = keys.find("rope_type") != nullptr ? "rope_type" : "type";
  if (keys.find(key) != nullptr) {
    keys.reject(key, "is " + quoted(newer) + ", must be \"default\", \"linear\" or \"dynamic\"");
  }
  if (keys.find("factor") != nullptr) keys.reject("rope_type", "is missing");
  return RopeScaling::Type::kNone;
}

Said read_object(const Json& object, const std::string& source, const std::string& prefix,
                 std::int64_t max_positions, std::vector<KeyNote>* notes) {
  const KeyReader keys(object, source, prefix);
  Said said;
  said.scaling.type = type_of(keys);
  for (KeyNote& note : check_keys(object, rope_keys(), source, prefix)) {
    notes->push_back(std::move(note));
  }
  if (keys.find("rope_theta") != nullptr) {
    double theta = 0.0;
    keys.read("rope_theta", 0.0, kLargestTheta, &theta);
    said.theta = theta;
  }
  double factor = 1.0;
  keys.read("factor", 0.0, kLargestFactor, &factor);
  if (said.scaling.type == RopeScaling::Type::kNone) {
    if (factor != 1.0) keys.reject("factor", "is given without a kind of scaling");
    return said;
  }
  if (keys.find("factor") == nullptr) keys.reject("factor", "is missing");
  if (factor < 1.0) keys.reject("factor", "is " + Json(factor).dump() + ", must be at least 1");
  said.scaling.factor = factor;
  if (said.scaling.type == RopeScaling::Type::kDynamic) {
    std::int64_t original = max_positions;
    keys.read("original_max_position_embeddings", 1, std::int64_t{1} << 31, &original);
    if (original != max_positions) {
      keys.reject("original_max_position_embeddings",
                  "is " + std::to_string(original) +
                      ", must be max_position_embeddings = " + std::to_string(max_positions));
    }
  }
  return said;
}

}  // namespace

void read_rope(const Json& object, const std::string& source, ModelConfig* config,
               std::vector<KeyNote>* notes) {
  const KeyReader keys(object, source);
  std::optional<RopeScaling> scaling;
  std::optional<double> theta;
  const char* theta_from = "rope_theta";
  if (keys.find("rope_theta") != nullptr) {
    double value = 0.0;
    keys.read("rope_theta", 0.0, kLargestTheta, &value);
    theta = value;
  }
  for (const char* name : {"rope_scaling", "rope_parameters"}) {
    const Json* found = keys.find(name);
    if (found == nullptr) continue;
    if (!found->is_object()) keys.reject(name, "is not an object");
    if (found->empty()) continue;
    const Said said = read_object(*found, source, std::string(name) + ".",
                                  config->max_position_embeddings, notes);
    if (said.theta) {
      if (theta && *theta != *said.theta) {
        keys.reject(name, "gives a rope_theta of " + Json(*said.theta).dump() + ", but " +
                              quoted(theta_from) + " gives " + Json(*theta).dump());
      }
      theta = said.theta;
      theta_from = name;
    }
    if (scaling && (scaling->type != said.scaling.type || scaling->factor != said.scaling.factor)) {
      keys.reject(name, "gives another scaling than \"rope_scaling\"; only one of them is needed");
    }
    scaling = said.scaling;
  }
  if (theta) config->rope_theta = *theta;
  if (scaling) config->rope_scaling = *scaling;
}

}  // namespace lumina::checkpoint
