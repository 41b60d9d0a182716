// config.json: defaults, every key, and every value that must be refused.
#include <gtest/gtest.h>

#include <filesystem>

#include "checkpoint/model_config.h"
#include "support/expect_error.h"
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

TEST(ModelConfigTest, reads_both_rope_scalings_in_both_spellings) {
  const auto parse = [](const std::string& scaling) {
    return ModelConfig::parse(R"({"rope_scaling":)" + scaling + "}", "config.json").rope_scaling;
  };
  EXPECT_EQ(parse(R"({"type":"linear","factor":2.0})").type, RopeScaling::Type::kLinear);
  EXPECT_EQ(parse(R"({"rope_type":"dynamic","factor":4})").type, RopeScaling::Type::kDynamic);
  EXPECT_EQ(parse(R"({"type":"dynamic","factor":4})").factor, 4.0);
  EXPECT_EQ(parse("null").type, RopeScaling::Type::kNone);
}

TEST(ModelConfigTest, refuses_bad_rope_scaling) {
  expect_key_refused(R"({"rope_scaling":3})", "rope_scaling", "is not an object");
  expect_key_refused(R"({"rope_scaling":{"type":"yarn","factor":2.0}})", "rope_scaling.type",
                     R"(is "yarn", must be "linear" or "dynamic")");
  expect_key_refused(R"({"rope_scaling":{"type":"linear"}})", "rope_scaling.factor", "is missing");
  expect_key_refused(R"({"rope_scaling":{"type":"linear","factor":1.0}})", "rope_scaling.factor",
                     "is 1, must be above 1");
  expect_key_refused(R"({"rope_scaling":{"type":"linear","factor":"2"}})", "rope_scaling.factor",
                     "is not a number");
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
