// adapter_config.json: every key of PEFT is used, harmless or refused by name.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "checkpoint/adapter_config.h"
#include "support/expect_error.h"
#include "support/places.h"

namespace lumina::checkpoint {
namespace {

using Json = nlohmann::json;
using lumina::testing::expect_error;

constexpr char kQuery[] = "model.layers.0.self_attn.q_proj";
constexpr char kValue[] = "model.layers.1.self_attn.v_proj";

// As PEFT 0.13.2 writes it.
Json written() {
  return Json::parse(R"({
    "alpha_pattern": {}, "auto_mapping": {"base_model_class": "Net", "parent_library": "m"},
    "base_model_name_or_path": null, "bias": "none", "fan_in_fan_out": false,
    "inference_mode": true, "init_lora_weights": true, "layer_replication": null,
    "layers_pattern": null, "layers_to_transform": null, "loftq_config": {}, "lora_alpha": 16,
    "lora_dropout": 0.0, "megatron_config": null, "megatron_core": "megatron.core",
    "modules_to_save": null, "peft_type": "LORA", "r": 8, "rank_pattern": {}, "revision": null,
    "target_modules": ["q_proj", "v_proj"], "task_type": null, "use_dora": false,
    "use_rslora": false})");
}

Json with(const std::string& key, const Json& value, Json config = written()) {
  config[key] = value;
  return config;
}

AdapterConfig parse(const Json& config) {
  return AdapterConfig::parse(config.dump(), "dir/adapter_config.json");
}

void expect_refused(const Json& config, const std::string& text) {
  expect_error(ErrorCode::kCheckpoint, "dir/adapter_config.json: " + text, [&] { parse(config); });
}

TEST(AdapterConfigTest, factors_of_the_two_scalings) {
  EXPECT_EQ(parse(written()).factor(kQuery, 8), 2.0);
  EXPECT_EQ(parse(with("use_rslora", true)).factor(kQuery, 8), 16.0 / std::sqrt(8.0));
  EXPECT_EQ(parse(with("lora_alpha", 4.5)).factor(kQuery, 8), 4.5 / 8.0);
}

TEST(AdapterConfigTest, initialisations_that_change_the_base_are_refused_with_the_way_out) {
  for (const char* kind : {"pissa", "pissa_niter_16", "olora", "OLoRA", "corda", "lora_ga"}) {
    expect_refused(with("init_lora_weights", kind),
                   "key \"init_lora_weights\" is \"" + std::string(kind) +
                       "\": such an adapter has changed the weights it stands on; save it as an "
                       "ordinary LoRA with PEFT: save_pretrained(DIR, "
                       "path_initial_model_for_weight_conversion=");
  }
  expect_refused(with("init_lora_weights", "loftq"),
                 "key \"init_lora_weights\" is \"loftq\": such an adapter stands on quantised");
  expect_refused(with("init_lora_weights", "new"),
                 "key \"init_lora_weights\" is \"new\": this kind is not known");
  expect_refused(with("init_lora_weights", 3), "key \"init_lora_weights\" is neither");
}

TEST(AdapterConfigTest, initialisations_that_leave_the_base_alone_are_read) {
  for (const Json& kind : {Json(true), Json(false), Json(nullptr), Json("gaussian"),
                           Json("Gaussian"), Json("eva"), Json("orthogonal"), Json("mica")}) {
    EXPECT_EQ(parse(with("init_lora_weights", kind)).factor(kQuery, 8), 2.0) << kind;
  }
  auto without = written();
  without.erase("init_lora_weights");
  EXPECT_EQ(parse(without).factor(kQuery, 8), 2.0);
}

TEST(AdapterConfigTest, whatever_changes_more_than_the_sum_is_refused_by_name) {
  const Json cases = Json::parse(R"([
    ["use_dora", true], ["use_qalora", true], ["lora_bias", true], ["bias", "all"],
    ["bias", "lora_only"], ["modules_to_save", ["lm_head"]], ["layer_replication", [[0, 4], [2, 5]]],
    ["trainable_token_indices", [1, 2]], ["trainable_token_indices", {"embed_tokens": [1]}],
    ["target_parameters", ["mlp.experts"]], ["alora_invocation_tokens", [5]],
    ["arrow_config", {"top_k": 3}], ["kasa_config", {"beta": 1.0}], ["velora_config", {"scale": 1}],
    ["monteclora_config", {"num_samples": 8}], ["use_bdlora", {"nblocks": 2}],
    ["ensure_weight_tying", true], ["megatron_config", {"tensor_model_parallel_size": 2}],
    ["enable_lora", [true, false, true]]])");
  for (const Json& entry : cases) {
    const auto key = entry[0].get<std::string>();
    expect_refused(with(key, entry[1]), "key \"" + key + "\" is " + entry[1].dump() + ", must be");
  }
  expect_refused(with("peft_type", "IA3"),
                 "key \"peft_type\" is \"IA3\", must be \"LORA\": of PEFT's adapters only LoRA");
}

TEST(AdapterConfigTest, unknown_keys_are_refused_unless_they_say_nothing) {
  for (const char* value : {"true", "0", "1.5", "\"x\"", "[0]", "{\"a\": null}"}) {
    expect_refused(with("use_next_thing", Json::parse(value)), "key \"use_next_thing\" is ");
  }
  for (const char* value : {"null", "false", "\"\"", "[]", "{}"}) {
    EXPECT_EQ(parse(with("use_next_thing", Json::parse(value))).factor(kQuery, 8), 2.0);
  }
}

// A key that the table lacks would be refused here, with "does not know".
TEST(AdapterConfigTest, every_key_of_peft_is_known) {
  std::ifstream file(testing::test_data("adapter_config_keys.txt"));
  int count = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.find(' ') != std::string::npos) continue;  // a heading
    ++count;
    try {
      parse(with(line, "?"));
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).find("does not know"), std::string::npos) << error.what();
    }
  }
  EXPECT_GT(count, 90);
}

TEST(AdapterConfigTest, patterns_give_modules_their_own_rank_and_alpha) {
  // As EVA writes them (whole names), as people do (ends, regular expressions).
  for (const char* pattern :
       {"model.layers.1.self_attn.v_proj", "v_proj", "layers.1.self_attn.v_proj",
        R"(layers\.\d+\.self_attn\.v_proj)", "^model.layers.[1-3].*v_proj", "(k_proj|v_proj)",
        "self_attn.v_proj"}) {
    auto config = with("rank_pattern", {{pattern, 4}});
    EXPECT_EQ(parse(config).factor(kValue, 4), 4.0) << pattern;
    EXPECT_EQ(parse(config).factor(kQuery, 8), 2.0) << pattern;
    config["alpha_pattern"] = {{pattern, 32}};
    EXPECT_EQ(parse(config).factor(kValue, 4), 8.0) << pattern;
    EXPECT_EQ(parse(config).factor(kQuery, 8), 2.0) << pattern;
    config["use_rslora"] = true;
    EXPECT_EQ(parse(config).factor(kValue, 4), 16.0) << pattern;
  }
  for (const char* pattern : {"_proj", "v_pro", "^v_proj", "layers.11.self_attn.v_proj"}) {
    EXPECT_EQ(parse(with("rank_pattern", {{pattern, 4}})).factor(kValue, 8), 2.0) << pattern;
  }
}

TEST(AdapterConfigTest, a_rank_that_is_not_that_of_the_weights_is_refused) {
  expect_error(ErrorCode::kCheckpoint,
               "gives model.layers.0.self_attn.q_proj rank 8.0, but its weights have rank 16",
               [] { parse(written()).factor(kQuery, 16); });
  expect_error(ErrorCode::kCheckpoint, "rank 4.0, but its weights have rank 8", [] {
    parse(with("rank_pattern", {{"q_proj", 4}})).factor(kQuery, 8);
  });
}

TEST(AdapterConfigTest, what_versions_of_peft_read_differently_is_refused_unless_one_is_named) {
  // Up to 0.13 the first pattern of either kind was the key of both: alpha 16 here, later 32.
  auto config = with("rank_pattern", {{"q_proj", 4}});
  config["alpha_pattern"] = {{"layers.0.self_attn.q_proj", 32}};
  expect_error(ErrorCode::kCheckpoint, "the lora_alpha 16.0 or 32.0, depending on the version",
               [&] { parse(config).factor(kQuery, 4); });
  config["peft_version"] = "0.21.2";
  EXPECT_EQ(parse(config).factor(kQuery, 4), 8.0);
}

TEST(AdapterConfigTest, patterns_that_are_no_common_expressions_are_refused) {
  for (const char* pattern : {"(?i)q_proj", "(?P<n>q)_proj", R"(q_proj\Z)", "(q_proj",
                              "q{1000}{1000}", "(?<=x)q_proj", R"((q)\1)", "q++"}) {
    expect_refused(with("rank_pattern", {{pattern, 4}}),
                   "key \"rank_pattern\" holds the pattern " + Json(pattern).dump());
  }
  expect_refused(with("rank_pattern", {{std::string(600, '(') + std::string(600, ')'), 4}}),
                 "key \"rank_pattern\" holds the pattern");
  expect_refused(with("alpha_pattern", {1}), "key \"alpha_pattern\" is not an object");
  expect_refused(with("alpha_pattern", {{"q_proj", "x"}}), "q_proj must be a number above 0");
}

TEST(AdapterConfigTest, weights_of_modules_that_are_not_adapted_are_refused) {
  const auto refused = [](const Json& config, const char* module) {
    expect_error(ErrorCode::kCheckpoint, "says that " + std::string(module) + " is not adapted",
                 [&] { parse(config).factor(module, 8); });
  };
  refused(written(), "model.layers.0.self_attn.o_proj");
  refused(with("layers_to_transform", 1), kQuery);
  refused(with("exclude_modules", {"q_proj"}), kQuery);
  EXPECT_EQ(parse(with("layers_to_transform", {0, 3})).factor(kQuery, 8), 2.0);
  EXPECT_EQ(parse(with("target_modules", ".*_proj")).factor(kQuery, 8), 2.0);
  EXPECT_EQ(parse(with("target_modules", {kQuery})).factor(kQuery, 8), 2.0);
}

}  // namespace
}  // namespace lumina::checkpoint
