// config.json: defaults, every key, and every value that must be refused.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "checkpoint/model_config.h"
#include "support/expect_error.h"
#include "support/places.h"
#include "support/temporary_folder.h"

namespace lumina::checkpoint {
namespace {

using lumina::testing::expect_error;
using lumina::testing::TemporaryFolder;

void expect_refused(const std::string& json, const std::string& text) {
  expect_error(ErrorCode::kCheckpoint, "dir/config.json: " + text,
               [&] { ModelConfig::parse(json, "dir/config.json"); });
}

void expect_key_refused(const std::string& json, const std::string& key, const std::string& text) {
  expect_refused(json, "key \"" + key + "\" " + text);
}

TEST(ModelConfigTest, missing_keys_take_the_defaults_of_the_reference) {
  const ModelConfig config = ModelConfig::parse("{}", "config.json");
  EXPECT_EQ(config.vocab_size, 65536);
  EXPECT_EQ(config.hidden_size, 4096);
  EXPECT_EQ(config.intermediate_size, 11008);
  EXPECT_EQ(config.num_hidden_layers, 32);
  EXPECT_EQ(config.num_attention_heads, 32);
  EXPECT_EQ(config.num_key_value_heads, 32);
  EXPECT_EQ(config.max_position_embeddings, 4096);
  EXPECT_EQ(config.rms_norm_eps, 1e-5);
  EXPECT_EQ(config.rope_theta, 10000.0);
  EXPECT_EQ(config.rope_scaling.type, RopeScaling::Type::kNone);
  EXPECT_FALSE(config.attention_bias || config.mlp_bias || config.swin_norm ||
               config.tie_word_embeddings);
  EXPECT_EQ(config.model_parallel_size, 1);
  EXPECT_EQ(config.image_token_offset, 155000);
  EXPECT_EQ(config.image_codebook_size, 16384);
}

TEST(ModelConfigTest, key_value_heads_default_to_the_query_heads) {
  for (const char* json :
       {R"({"num_attention_heads":8,"hidden_size":64})",
        R"({"num_attention_heads":8,"hidden_size":64,"num_key_value_heads":null})"}) {
    EXPECT_EQ(ModelConfig::parse(json, "config.json").num_key_value_heads, 8);
  }
}

ModelConfig unusual_config() {
  ModelConfig config;
  config.vocab_size = 700;
  config.hidden_size = 96;
  config.intermediate_size = 40;
  config.num_hidden_layers = 3;
  config.num_attention_heads = 12;
  config.num_key_value_heads = 4;
  config.max_position_embeddings = 1234;
  config.rms_norm_eps = 1.25e-6;
  config.rope_theta = 500000.5;
  config.rope_scaling = {RopeScaling::Type::kDynamic, 2.5};
  config.attention_bias = true;
  config.mlp_bias = true;
  config.swin_norm = true;
  config.tie_word_embeddings = true;
  config.model_parallel_size = 2;
  config.image_token_offset = 318;
  config.image_codebook_size = 64;
  return config;
}

TEST(ModelConfigTest, what_is_written_reads_the_same) {
  const ModelConfig config = unusual_config();
  const ModelConfig again = ModelConfig::parse(config.to_json(), "config.json");
  EXPECT_EQ(again.vocab_size, config.vocab_size);
  EXPECT_EQ(again.hidden_size, config.hidden_size);
  EXPECT_EQ(again.intermediate_size, config.intermediate_size);
  EXPECT_EQ(again.num_hidden_layers, config.num_hidden_layers);
  EXPECT_EQ(again.num_attention_heads, config.num_attention_heads);
  EXPECT_EQ(again.num_key_value_heads, config.num_key_value_heads);
  EXPECT_EQ(again.max_position_embeddings, config.max_position_embeddings);
  EXPECT_EQ(again.rms_norm_eps, config.rms_norm_eps);
  EXPECT_EQ(again.rope_theta, config.rope_theta);
  EXPECT_EQ(again.rope_scaling.type, config.rope_scaling.type);
  EXPECT_EQ(again.rope_scaling.factor, config.rope_scaling.factor);
  EXPECT_EQ(again.attention_bias, config.attention_bias);
  EXPECT_EQ(again.mlp_bias, config.mlp_bias);
  EXPECT_EQ(again.swin_norm, config.swin_norm);
  EXPECT_EQ(again.tie_word_embeddings, config.tie_word_embeddings);
  EXPECT_EQ(again.model_parallel_size, config.model_parallel_size);
  EXPECT_EQ(again.image_token_offset, config.image_token_offset);
  EXPECT_EQ(again.image_codebook_size, config.image_codebook_size);
  EXPECT_EQ(again.to_json(), config.to_json());
}

ModelConfig parsed(const std::string& json) { return ModelConfig::parse(json, "config.json"); }

void expect_rope(const std::string& json, double theta, RopeScaling::Type type, double factor) {
  const ModelConfig config = parsed(json);
  EXPECT_EQ(config.rope_theta, theta) << json;
  EXPECT_EQ(config.rope_scaling.type, type) << json;
  EXPECT_EQ(config.rope_scaling.factor, factor) << json;
}

TEST(ModelConfigTest, reads_rope_in_the_form_of_transformers_4) {
  using Type = RopeScaling::Type;
  expect_rope(R"({"rope_theta":5e5})", 5e5, Type::kNone, 1.0);
  expect_rope(R"({"rope_scaling":{"type":"linear","factor":2.0}})", 1e4, Type::kLinear, 2.0);
  expect_rope(R"({"rope_scaling":{"rope_type":"dynamic","factor":4}})", 1e4, Type::kDynamic, 4.0);
  expect_rope(R"({"rope_scaling":{"type":"linear","rope_type":"linear","factor":1}})", 1e4,
              Type::kLinear, 1.0);
  for (const char* none : {"null", "{}", R"({"rope_type":"default"})", R"({"type":"default"})",
                           R"({"rope_type":"default","factor":1.0})"}) {
    expect_rope(R"({"rope_theta":77,"rope_scaling":)" + std::string(none) + "}", 77.0, Type::kNone,
                1.0);
  }
}

TEST(ModelConfigTest, reads_rope_in_the_form_of_transformers_5) {
  using Type = RopeScaling::Type;
  const auto expect = [](const std::string& parameters, double theta, Type type, double factor) {
    expect_rope(R"({"rope_parameters":)" + parameters + "}", theta, type, factor);
  };
  expect(R"({"rope_theta":500000.0,"rope_type":"default"})", 5e5, Type::kNone, 1.0);
  expect(R"({"rope_theta":500000.0})", 5e5, Type::kNone, 1.0);
  expect(R"({"rope_theta":3e4,"rope_type":"linear","factor":2.5})", 3e4, Type::kLinear, 2.5);
  expect(R"({"rope_type":"dynamic","type":"dynamic","factor":4,"partial_rotary_factor":1.0,
             "original_max_position_embeddings":4096})",
         1e4, Type::kDynamic, 4.0);
  expect("null", 1e4, Type::kNone, 1.0);
  // Beside the old form, if they agree.
  expect_rope(R"({"rope_theta":5e5,"rope_parameters":{"rope_type":"default"}})", 5e5, Type::kNone,
              1.0);
  expect_rope(R"({"rope_theta":5e5,"rope_scaling":null,
                  "rope_parameters":{"rope_theta":5e5,"rope_type":"linear","factor":2}})",
              5e5, Type::kLinear, 2.0);
}

TEST(ModelConfigTest, refuses_bad_rope) {
  expect_key_refused(R"({"rope_scaling":3})", "rope_scaling", "is not an object");
  expect_key_refused(R"({"rope_parameters":[]})", "rope_parameters", "is not an object");
  for (const std::string form : {"rope_scaling", "rope_parameters"}) {
    const auto refused = [&](const std::string& object, const char* key, const char* text) {
      expect_key_refused("{\"" + form + "\":" + object + "}", form + "." + key, text);
    };
    for (const char* type : {"yarn", "llama3", "longrope", "su", "ntk", "mrope"}) {
      const std::string message = "is \"" + std::string(type) + R"(", must be "default", "linear")";
      refused("{\"rope_type\":\"" + std::string(type) + R"(","factor":2.0})", "rope_type",
              message.c_str());
      refused("{\"type\":\"" + std::string(type) + R"(","factor":2.0})", "type", message.c_str());
    }
    refused(R"({"type":"linear"})", "factor", "is missing");
    refused(R"({"factor":2.0})", "rope_type", "is missing");
    refused(R"({"rope_type":"default","factor":2.0})", "factor", "is given without a kind");
    refused(R"({"type":"linear","factor":0.5})", "factor", "is 0.5, must be at least 1");
    refused(R"({"type":"linear","factor":"2"})", "factor", "is not a number");
    refused(R"({"type":"linear","rope_type":"dynamic","factor":2})", "rope_type",
            R"(is "dynamic", but "type" beside it is "linear")");
    refused(R"({"rope_type":"default","partial_rotary_factor":0.5})", "partial_rotary_factor",
            "is 0.5, must be 1.0");
    refused(R"({"rope_type":"dynamic","factor":2,"original_max_position_embeddings":512})",
            "original_max_position_embeddings", "is 512, must be max_position_embeddings = 4096");
    refused(R"({"full_attention":{"rope_type":"default","rope_theta":1e6}})", "full_attention",
            R"(is {"rope_theta":1000000.0,"rope_type":"default"}, and this version does not know)");
    refused(R"({"rope_type":"default","twist":1})", "twist", "is 1, and this version");
  }
}

TEST(ModelConfigTest, refuses_two_forms_of_rope_that_contradict_each_other) {
  expect_key_refused(R"({"rope_theta":1e4,"rope_parameters":{"rope_theta":5e5}})",
                     "rope_parameters",
                     R"(gives a rope_theta of 500000.0, but "rope_theta" gives 10000.0)");
  expect_key_refused(R"({"rope_scaling":{"type":"linear","factor":2},
                         "rope_parameters":{"rope_type":"linear","factor":4}})",
                     "rope_parameters", "gives another scaling than \"rope_scaling\"");
  expect_key_refused(R"({"rope_scaling":{"type":"linear","factor":2},
                         "rope_parameters":{"rope_type":"default"}})",
                     "rope_parameters", "gives another scaling than \"rope_scaling\"");
}

TEST(ModelConfigTest, what_would_change_the_model_is_refused_by_name) {
  for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{
           {"quantization_config", R"({"load_in_4bit":true})"},
           {"compression_config", R"({"format":"x"})"},
           {"partial_rotary_factor", "0.5"},
           {"sliding_window", "4096"},
           {"use_sliding_window", "true"},
           {"is_encoder_decoder", "true"},
           {"add_cross_attention", "true"},
           {"pruned_heads", R"({"0":[1]})"},
           {"use_qk_norm", "false"},
           {"final_logit_softcapping", "30.0"},
           {"logit_scale", "0.0625"},
           {"residual_multiplier", "0.22"}}) {
    expect_key_refused("{\"" + key + "\":" + value + "}", key, "is " + value + ", must be ");
  }
  expect_key_refused(R"({"head_dim":64})", "head_dim",
                     "is 64, must be hidden_size / num_attention_heads = 128");
  expect_key_refused(R"({"layer_types":["full_attention","sliding_attention"]})", "layer_types",
                     R"(holds "\"sliding_attention\"", must be "full_attention")");
  EXPECT_EQ(parsed(R"({"head_dim":128,"layer_types":["full_attention"],"logit_scale":1,
                       "sliding_window":null,"partial_rotary_factor":1})")
                .head_dim(),
            128);
}

TEST(ModelConfigTest, unknown_keys_are_refused_unless_they_say_nothing) {
  for (const char* value : {"true", "0", "2.5", "\"alibi\"", "[1]", R"({"a":null})"}) {
    expect_key_refused(R"({"next_thing":)" + std::string(value) + "}", "next_thing",
                       "is " + std::string(value) + ", and this version does not know that key");
  }
  std::vector<KeyNote> notes;
  ModelConfig::parse(R"({"a":null,"b":false,"c":"","d":[],"e":{},"torch_dtype":"bfloat16"})",
                     "config.json", &notes);
  ASSERT_EQ(notes.size(), 6u);
  EXPECT_EQ(notes[0].key, "a");
  EXPECT_EQ(notes[0].remark, "not known, without a value");
  EXPECT_EQ(notes[5].key, "torch_dtype");
  EXPECT_EQ(notes[5].remark, "the weights say their own type");
}

TEST(ModelConfigTest, every_key_that_transformers_write_is_known) {
  std::ifstream file(testing::test_data("config_keys.txt"));
  int count = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.find(' ') != std::string::npos) continue;  // a heading
    ++count;
    try {
      ModelConfig::parse("{\"" + line + "\":\"?\"}", "config.json");
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).find("does not know"), std::string::npos) << error.what();
    }
  }
  EXPECT_GT(count, 200);
}

// Written by transformers 4.46.3, 4.57.6, 5.0.0 and 5.24.0 of one small model.
TEST(ModelConfigTest, reads_the_files_that_transformers_write) {
  using Type = RopeScaling::Type;
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(testing::test_data("configs"))) {
    const std::string name = entry.path().stem().string();
    const ModelConfig config = ModelConfig::read(entry.path().string());
    ++count;
    EXPECT_EQ(config.vocab_size, 700) << name;
    EXPECT_EQ(config.hidden_size, 64) << name;
    EXPECT_EQ(config.intermediate_size, 96) << name;
    EXPECT_EQ(config.num_hidden_layers, 2) << name;
    EXPECT_EQ(config.num_attention_heads, 4) << name;
    EXPECT_EQ(config.num_key_value_heads, 2) << name;
    EXPECT_EQ(config.max_position_embeddings, 1024) << name;
    EXPECT_TRUE(config.swin_norm) << name;
    EXPECT_FALSE(config.tie_word_embeddings) << name;
    const auto is = [&](const char* kind) { return name.find(kind) != std::string::npos; };
    EXPECT_EQ(config.rope_theta, is("theta") ? 500000.0 : is("linear") ? 20000.0 : 10000.0) << name;
    EXPECT_EQ(config.rope_scaling.type, is("linear")    ? Type::kLinear
                                        : is("dynamic") ? Type::kDynamic
                                                        : Type::kNone)
        << name;
    EXPECT_EQ(config.rope_scaling.factor, is("linear") ? 2.0 : is("dynamic") ? 4.0 : 1.0) << name;
  }
  EXPECT_EQ(count, 14);
}

TEST(ModelConfigTest, reads_what_python_writes_for_no_number) {
  EXPECT_EQ(parsed(R"({"z_loss_weight": NaN, "dropout":-Infinity, "hidden_size": 64,
                       "_name_or_path": "NaN \" Infinity", "bad_words_ids": [Infinity]})")
                .hidden_size,
            64);
  expect_key_refused(R"({"rms_norm_eps": NaN})", "rms_norm_eps", "is not a number");
  expect_key_refused(R"({"rope_theta": Infinity})", "rope_theta", "is not a number");
  expect_refused(R"({"a": nan})", "is not valid JSON");
}

TEST(ModelConfigTest, refuses_other_models_and_activations) {
  expect_key_refused(R"({"model_type":"llama"})", "model_type",
                     R"(is "llama", must be "chameleon")");
  expect_key_refused(R"({"hidden_act":"gelu"})", "hidden_act", R"(is "gelu", must be "silu")");
  expect_key_refused(R"({"model_type":7})", "model_type", "is not a text");
}

TEST(ModelConfigTest, refuses_negative_zero_and_absurd_sizes) {
  for (const char* key : {"vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers",
                          "num_attention_heads", "num_key_value_heads", "max_position_embeddings",
                          "model_parallel_size", "image_codebook_size"}) {
    for (const char* value : {"-1", "0", "9000000000000000000"}) {
      expect_key_refused("{\"" + std::string(key) + "\":" + value + "}", key,
                         "is " + std::string(value) + ", outside 1 to ");
    }
  }
  expect_key_refused(R"({"image_token_offset":-1})", "image_token_offset", "is -1, outside 0 to ");
  expect_key_refused(R"({"rms_norm_eps":0})", "rms_norm_eps", "is 0, must be above 0");
  expect_key_refused(R"({"rope_theta":-5.5})", "rope_theta", "is -5.5, must be above 0");
}

TEST(ModelConfigTest, refuses_values_of_the_wrong_type) {
  expect_key_refused(R"({"hidden_size":"64"})", "hidden_size", "is not a 64-bit integer");
  expect_key_refused(R"({"hidden_size":64.0})", "hidden_size", "is not a 64-bit integer");
  expect_key_refused(R"({"hidden_size":18446744073709551615})", "hidden_size",
                     "is not a 64-bit integer");
  expect_key_refused(R"({"rope_theta":"1e4"})", "rope_theta", "is not a number");
  expect_key_refused(R"({"swin_norm":1})", "swin_norm", "is not true or false");
}

TEST(ModelConfigTest, refuses_sizes_that_do_not_fit_together) {
  expect_key_refused(R"({"hidden_size":100,"num_attention_heads":8})", "hidden_size",
                     "is 100, not divisible by num_attention_heads = 8");
  expect_key_refused(R"({"hidden_size":24,"num_attention_heads":8})", "hidden_size",
                     "gives heads of odd size 3");
  expect_key_refused(R"({"num_key_value_heads":5})", "num_key_value_heads",
                     "is 5, does not divide num_attention_heads = 32");
  expect_key_refused(R"({"num_key_value_heads":64})", "num_key_value_heads",
                     "is 64, does not divide num_attention_heads = 32");
  expect_key_refused(R"({"model_parallel_size":3})", "model_parallel_size",
                     "is 3, does not divide the 32 key/value heads");
  expect_key_refused(R"({"vocab_size":171384,"image_codebook_size":16385})", "image_token_offset",
                     "is 155000: with 16385 image codes that is beyond vocab_size = 171384");
}

TEST(ModelConfigTest, refuses_what_is_not_a_json_object) {
  expect_refused("", "is empty");
  expect_refused("[]", "is not a JSON object");
  expect_refused(R"({"hidden_size":64,"hidden_size":128})", R"(names "hidden_size" twice)");
}

TEST(ModelConfigTest, reads_a_folder_or_a_file) {
  const TemporaryFolder folder;
  expect_error(ErrorCode::kCheckpoint, folder.path("config.json") + ": no such file",
               [&] { ModelConfig::read(folder.path()); });
  folder.write("config.json", unusual_config().to_json());
  EXPECT_EQ(ModelConfig::read(folder.path()).hidden_size, 96);
  EXPECT_EQ(ModelConfig::read(folder.path("config.json")).hidden_size, 96);
  std::filesystem::create_directories(folder.path("x/config.json"));
  expect_error(ErrorCode::kCheckpoint, "config.json: is a folder, not a file",
               [&] { ModelConfig::read(folder.path("x")); });
}

}  // namespace
}  // namespace lumina::checkpoint
