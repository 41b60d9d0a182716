// Recipe checkpoints: the folder reads back with the recipe's values, token ids are where they
// should be, and a failure leaves nothing.
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "checkpoint/weight_set.h"
#include "recipe/recipe.h"
#include "recipe/recipe_checkpoint.h"
#include "recipe/recipe_tokenizer.h"
#include "support/expect_error.h"
#include "support/file_size_limit.h"
#include "support/temporary_folder.h"

namespace lumina::recipe {
namespace {

using checkpoint::ModelConfig;
using checkpoint::TensorSpec;
using checkpoint::WeightSet;
using lumina::testing::expect_error;
using lumina::testing::FileSizeLimit;
using lumina::testing::read_bytes;
using lumina::testing::TemporaryFolder;

using Strings = std::vector<std::string>;

RecipeOptions tiny_options() {
  RecipeOptions options;
  options.config.hidden_size = 16;
  options.config.intermediate_size = 24;
  options.config.num_hidden_layers = 1;
  options.config.num_attention_heads = options.config.num_key_value_heads = 2;
  set_small_vocabulary(options.config, 64);
  options.transformer = {{"model.embed_tokens.weight", {options.config.vocab_size, 16}},
                         {"model.layers.0.self_attn.q_proj.weight", {16, 16}},
                         {"model.layers.0.self_attn.q_norm.bias", {1, 8}},
                         {"model.norm.weight", {16}},
                         {"lm_head.weight", {options.config.vocab_size, 16}}};
  options.movqgan = {{"quantize.embedding.weight", {64, 4}}, {"quant_conv.weight", {4, 4, 1, 1}}};
  return options;
}

void expect_recipe_values(const WeightSet& set, Family family, const std::vector<TensorSpec>& specs,
                          bool bf16) {
  const WeightSet expected = make_weights(family, specs, bf16);
  ASSERT_EQ(set.tensors().size(), specs.size());
  for (const auto& spec : specs) {
    const auto& view = set.get(spec.name);
    const auto& wanted = expected.get(spec.name);
    EXPECT_EQ(view.shape, spec.shape) << spec.name;
    ASSERT_EQ(view.dtype, wanted.dtype) << spec.name;
    const auto bytes = static_cast<std::size_t>(view.numel()) * element_size(view.dtype);
    EXPECT_EQ(std::memcmp(view.data, wanted.data, bytes), 0) << spec.name;
  }
}

TEST(RecipeCheckpointTest, single_file_reads_back) {
  const TemporaryFolder folder;
  RecipeOptions options = tiny_options();
  options.bf16 = false;
  write_recipe_checkpoint(folder.path("model"), options);
  EXPECT_EQ(folder.entries(), Strings{"model"});
  expect_recipe_values(WeightSet::open(folder.path("model")), Family::kTransformer,
                       options.transformer, false);
  expect_recipe_values(WeightSet::open(folder.path("model/movqgan.safetensors")), Family::kMovqgan,
                       options.movqgan, false);
  const ModelConfig config = ModelConfig::read(folder.path("model"));
  EXPECT_EQ(config.to_json(), options.config.to_json());
}

TEST(RecipeCheckpointTest, shards_read_back_and_no_temporary_file_stays) {
  const TemporaryFolder folder;
  RecipeOptions options = tiny_options();
  options.max_shard_bytes = 13'000;  // the embedding and the head have 12,256 bytes each
  options.threads = 2;
  write_recipe_checkpoint(folder.path("model/"), options);
  Strings names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path("model"))) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (Strings{"config.json", "model-00001-of-00002.safetensors",
                            "model-00002-of-00002.safetensors", "model.safetensors.index.json",
                            "movqgan.safetensors", "tokenizer.json", "tokenizer_config.json"}));
  EXPECT_EQ(folder.entries(), Strings{"model"});
  expect_recipe_values(WeightSet::open(folder.path("model")), Family::kTransformer,
                       options.transformer, true);
}

TEST(RecipeCheckpointTest, fills_an_empty_folder_and_refuses_any_other) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path("empty"));
  write_recipe_checkpoint(folder.path("empty"), tiny_options());
  EXPECT_TRUE(std::filesystem::exists(folder.path("empty/config.json")));

  const auto refused = [&](const std::string& name, ErrorCode code, const std::string& text) {
    expect_error(code, folder.path(name) + ": " + text,
                 [&] { write_recipe_checkpoint(folder.path(name), tiny_options()); });
  };
  refused("empty", ErrorCode::kInvalidArgument, "exists and is not empty");
  folder.write("file", "x");
  refused("file", ErrorCode::kInvalidArgument, "exists and is not a folder");
  refused("none/model", ErrorCode::kIo, "cannot be written: No such file or directory");
  EXPECT_EQ(folder.entries(), (Strings{"empty", "file"}));
}

TEST(RecipeCheckpointTest, a_failure_in_the_middle_leaves_nothing) {
  const TemporaryFolder folder;
  RecipeOptions options = tiny_options();
  options.max_shard_bytes = 13'000;
  options.transformer.push_back({"large", {1000, 1000}});  // in the third shard
  int code = 0;
  {
    const FileSizeLimit limit(1'000'000);
    try {
      write_recipe_checkpoint(folder.path("model"), options);
    } catch (const Error& error) {
      code = static_cast<int>(error.code());
    }
  }
  EXPECT_EQ(code, static_cast<int>(ErrorCode::kIo));
  EXPECT_TRUE(folder.entries().empty());
}

TEST(RecipeCheckpointTest, refuses_options_that_do_not_fit_together) {
  const TemporaryFolder folder;
  const auto refused = [&](const RecipeOptions& options, const std::string& text) {
    expect_error(ErrorCode::kInvalidArgument, text,
                 [&] { write_recipe_checkpoint(folder.path("model"), options); });
    EXPECT_TRUE(folder.entries().empty());
  };
  RecipeOptions options = tiny_options();
  options.transformer.clear();
  refused(options, "no tensors of the transformer are given");
  options = tiny_options();
  options.transformer.push_back(options.transformer.front());
  refused(options, R"(tensor "model.embed_tokens.weight" is given twice)");
  options = tiny_options();
  options.config.num_attention_heads = 3;
  refused(options, R"(config.json: key "hidden_size" is 16, not divisible)");
  options = tiny_options();
  options.movqgan_file = "../movqgan.safetensors";
  refused(options, "not a plain, free name: ../movqgan.safetensors");
  options.movqgan_file = "config.json";
  refused(options, "not a plain, free name: config.json");
  options = tiny_options();
  options.max_shard_bytes = 0;
  refused(options, "the size limit of a shard is zero");
  options = tiny_options();
  options.threads = -1;
  refused(options, "the number of threads is negative");
  options = tiny_options();
  options.config.image_token_offset = 300;
  refused(options, "image_token_offset 300 leaves no room for the 318 byte and control tokens");
  options = tiny_options();
  options.config.vocab_size -= 1;
  refused(options, "vocab_size 382 is too small for 64 image codes from 318");
}

// name -> id of all tokens, as the `tokenizers` library assigns them: the vocabulary's own ids,
// then the next free id for each added token.
std::map<std::string, std::int64_t> token_ids(const std::string& tokenizer_text) {
  const auto tokenizer = nlohmann::json::parse(tokenizer_text);
  std::map<std::string, std::int64_t> ids;
  for (const auto& [token, id] : tokenizer["model"]["vocab"].items()) ids[token] = id;
  auto next = static_cast<std::int64_t>(ids.size());
  for (const auto& token : tokenizer["added_tokens"]) {
    EXPECT_EQ(token["id"], next);
    EXPECT_TRUE(ids.emplace(token["content"], next).second) << token["content"];
    ++next;
  }
  return ids;
}

void expect_ids_without_gaps(const std::map<std::string, std::int64_t>& ids, std::int64_t count) {
  std::vector<bool> seen(count);
  for (const auto& [token, id] : ids) {
    ASSERT_TRUE(id >= 0 && id < count && !seen[id]) << token << " " << id;
    seen[id] = true;
  }
  EXPECT_EQ(static_cast<std::int64_t>(ids.size()), count);
}

TEST(RecipeTokenizerTest, released_layout_has_the_released_ids) {
  ModelConfig config;
  config.vocab_size = 171385;
  const auto ids = token_ids(tokenizer_json(config));
  expect_ids_without_gaps(ids, 171385);
  const std::map<std::string, std::int64_t> expected = {
      {"!", 0},
      {"<|endoftext|>", 151643},
      {"<|im_start|>", 151644},
      {"<|im_end|>", 151645},
      {"<|file_sep|>", 151664},
      {"<racm3:break>", 151665},
      {"<eoss>", 151666},
      {"<reserved08796>", 151667},
      {"<reserved08798>", 151669},
      {"<reserved08799>", 151670},
      {"<reserved08800>", 151671},
      {"<reserved08824>", 151671 + 24},
      {"<reserved08928>", 151671 + 128},
      {"<reserved08706>", 151800},
      {"<MOVQGAN00000>", 155000},
      {"<MOVQGAN16383>", 171383},
      {"<|image|>", 171384},
  };
  for (const auto& [token, id] : expected) {
    ASSERT_EQ(ids.count(token), 1u) << token;
    EXPECT_EQ(ids.at(token), id) << token;
  }
}

TEST(RecipeTokenizerTest, small_layout_is_packed) {
  ModelConfig config;
  set_small_vocabulary(config, 64);
  EXPECT_EQ(config.image_token_offset, 318);
  EXPECT_EQ(config.image_codebook_size, 64);
  EXPECT_EQ(config.vocab_size, 383);
  const auto ids = token_ids(tokenizer_json(config));
  expect_ids_without_gaps(ids, 383);
  EXPECT_EQ(ids.at("!"), 0);
  EXPECT_EQ(ids.at("\u0120"), 220);  // the space, where GPT-2's alphabet has it
  EXPECT_EQ(ids.at("<|endoftext|>"), 256);
  EXPECT_EQ(ids.at("<racm3:break>"), 278);
  EXPECT_EQ(ids.at("<reserved08799>"), 283);
  EXPECT_EQ(ids.at("<reserved08832>"), 284 + 32);
  EXPECT_EQ(ids.at("<reserved08706>"), 317);
  EXPECT_EQ(ids.at("<MOVQGAN00000>"), 318);
  EXPECT_EQ(ids.at("<|image|>"), 382);
}

TEST(RecipeTokenizerTest, gaps_are_filled) {
  ModelConfig config;
  set_small_vocabulary(config, 64);
  config.image_token_offset = 400;
  config.vocab_size = 512;
  const auto ids = token_ids(tokenizer_json(config));
  expect_ids_without_gaps(ids, 512);
  EXPECT_EQ(ids.at("<MOVQGAN00000>"), 400);
  EXPECT_EQ(ids.at("<|image|>"), 511);
}

TEST(RecipeTokenizerTest, config_names_the_end_token_and_no_first_token) {
  const auto config = nlohmann::json::parse(tokenizer_config_json());
  EXPECT_EQ(config["eos_token"], "<|im_end|>");
  EXPECT_TRUE(config["bos_token"].is_null());
}

}  // namespace
}  // namespace lumina::recipe
