// Names and shapes of the transformer's tensors (docs/spec/model.md 2).
#include <gtest/gtest.h>

#include <algorithm>

#include "model/layout.h"
#include "recipe/recipe.h"
#include "support/expect_error.h"
#include "support/recipe_model.h"

namespace lumina::model {
namespace {

using checkpoint::ModelConfig;
using checkpoint::TensorSpec;
using lumina::testing::expect_error;

ModelConfig config_7b() {
  ModelConfig config;
  config.vocab_size = 171385;
  return config;
}

const TensorSpec& find(const std::vector<TensorSpec>& specs, const std::string& name) {
  const auto found = std::find_if(specs.begin(), specs.end(),
                                  [&](const TensorSpec& spec) { return spec.name == name; });
  EXPECT_NE(found, specs.end()) << name;
  return *found;
}

TEST(TransformerLayout, The7BModelHas419TensorsAndItsPublishedSize) {
  const auto specs = transformer_tensors(config_7b());
  EXPECT_EQ(specs.size(), 419u);
  EXPECT_EQ(checkpoint::total_elements(specs), 7880273920);
  using Shape = std::vector<std::int64_t>;
  EXPECT_EQ(find(specs, "model.layers.31.mlp.down_proj.weight").shape, (Shape{4096, 11008}));
  EXPECT_EQ(find(specs, "model.layers.0.self_attn.k_norm.bias").shape, (Shape{1, 128}));
  EXPECT_EQ(find(specs, "lm_head.weight").shape, (Shape{171385, 4096}));
}

TEST(TransformerLayout, The2BModelHasItsPublishedSize) {
  ModelConfig config = config_7b();
  config.hidden_size = 2048;
  config.intermediate_size = 8192;
  EXPECT_EQ(checkpoint::total_elements(transformer_tensors(config)), 2849617920);
}

TEST(TransformerLayout, BiasesAppearWhenTheConfigurationHasThem) {
  ModelConfig config = config_7b();
  config.attention_bias = true;
  config.mlp_bias = true;
  const auto specs = transformer_tensors(config);
  EXPECT_EQ(specs.size(), 419u + 32u * 7u);
  EXPECT_EQ(find(specs, "model.layers.3.mlp.up_proj.bias").shape,
            (std::vector<std::int64_t>{11008}));
}

TEST(TransformerLayout, SharedKeyHeadsAndParallelNormsHaveTheirShapes) {
  ModelConfig config = config_7b();
  config.num_key_value_heads = 8;
  config.model_parallel_size = 2;
  const auto specs = transformer_tensors(config);
  EXPECT_EQ(find(specs, "model.layers.0.self_attn.v_proj.weight").shape,
            (std::vector<std::int64_t>{1024, 4096}));
  EXPECT_EQ(find(specs, "model.layers.0.self_attn.q_norm.weight").shape,
            (std::vector<std::int64_t>{2, 128}));
}

TEST(TransformerLayout, IgnoresTheOldImageTokenizerAndRotaryTablesOnly) {
  EXPECT_TRUE(is_ignored_tensor("model.vqmodel.encoder.conv_in.weight"));
  EXPECT_TRUE(is_ignored_tensor("model.layers.3.self_attn.rotary_emb.inv_freq"));
  EXPECT_FALSE(is_ignored_tensor("model.layers.3.self_attn.q_proj.weight"));
  EXPECT_FALSE(is_ignored_tensor("vqmodel.encoder.conv_in.weight"));
}

// Recipe weights of the tiny model with `change` applied to the list of tensors.
template <typename Change>
checkpoint::WeightSet weights(const ModelConfig& config, Change change) {
  auto specs = transformer_tensors(config);
  change(specs);
  return recipe::make_weights(recipe::Family::kTransformer, specs);
}

TEST(TransformerLayout, AMissingOrMisshapenTensorIsNamed) {
  const ModelConfig config = lumina::testing::tiny_config();
  expect_error(ErrorCode::kCheckpoint, "model.norm.weight", [&] {
    require_transformer(weights(config, [](auto& specs) { specs.erase(specs.end() - 2); }), config);
  });
  expect_error(ErrorCode::kCheckpoint, "lm_head.weight", [&] {
    require_transformer(weights(config,
                                [](auto& specs) {
                                  specs.back().shape = {64, 2048};
                                }),
                        config);
  });
  expect_error(ErrorCode::kCheckpoint, "model.extra.weight", [&] {
    require_transformer(weights(config,
                                [](auto& specs) {
                                  specs.push_back({"model.extra.weight", {1}});
                                }),
                        config);
  });
  require_transformer(weights(config,
                              [](auto& specs) {
                                specs.push_back({"model.vqmodel.x", {1}});
                              }),
                      config);
}

TEST(TransformerLayout, ATiedHeadMayBeAbsentOrStored) {
  ModelConfig config = lumina::testing::tiny_config();
  config.tie_word_embeddings = true;
  const auto tied = weights(config, [](auto&) {});
  EXPECT_EQ(tied.find("lm_head.weight"), nullptr);
  require_transformer(tied, config);
  require_transformer(weights(config,
                              [](auto& specs) {
                                specs.push_back({"lm_head.weight", {2048, 64}});
                              }),
                      config);
  expect_error(ErrorCode::kCheckpoint, "lm_head.weight", [&] {
    require_transformer(weights(config,
                                [](auto& specs) {
                                  specs.push_back({"lm_head.weight", {2048, 32}});
                                }),
                        config);
  });
}

}  // namespace
}  // namespace lumina::model
