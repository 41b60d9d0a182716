// LoRA adapters: what they add, and what is refused.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "model/adapters.h"
#include "model/layout.h"
#include "recipe/recipe.h"
#include "recipe/recipe_checkpoint.h"
#include "support/expect_error.h"
#include "support/recipe_model.h"
#include "support/temporary_folder.h"
#include "training/lora.h"
#include "training/tensor_file.h"

namespace lumina::model {
namespace {

using lumina::testing::expect_error;
using lumina::testing::TemporaryFolder;
using lumina::testing::tiny_config;

constexpr char kWeight[] = "model.layers.0.self_attn.q_proj.weight";
constexpr char kPeft[] = "base_model.model.model.layers.0.self_attn.q_proj";

checkpoint::WeightSet tiny_weights(bool bf16 = false) {
  return recipe::make_weights(recipe::Family::kTransformer, transformer_tensors(tiny_config()),
                              bf16);
}

at::Tensor values(const checkpoint::WeightSet& weights, const std::string& name) {
  const auto& view = weights.get(name);
  const auto type = view.dtype == checkpoint::DType::kBFloat16 ? at::kBFloat16 : at::kFloat;
  return at::from_blob(const_cast<void*>(view.data), view.shape, type).to(at::kDouble);
}

at::Tensor pattern(std::int64_t rows, std::int64_t columns, double step) {
  return at::sin(at::arange(rows * columns, at::kFloat) * step).view({rows, columns});
}

// An adapter folder on q_proj of layer 0, rank 3, alpha 6.
std::string write_adapter(const TemporaryFolder& folder, const std::string& config,
                          const training::NamedTensors& tensors) {
  folder.write("adapter_config.json", config);
  training::write_tensors(folder.path("adapter_model.safetensors"), tensors);
  return folder.path();
}

const char kConfig[] = R"({"peft_type": "LORA", "r": 3, "lora_alpha": 6, "bias": "none"})";

training::NamedTensors good_tensors() {
  return {{std::string(kPeft) + ".lora_A.weight", pattern(3, 64, 0.3)},
          {std::string(kPeft) + ".lora_B.weight", pattern(64, 3, 0.7)}};
}

at::Tensor product() {
  return at::mm(pattern(64, 3, 0.7).to(at::kDouble), pattern(3, 64, 0.3).to(at::kDouble));
}

TEST(Adapters, AddTheirScaledProductAndLeaveTheRest) {
  const TemporaryFolder folder;
  const auto path = write_adapter(folder, kConfig, good_tensors());
  const auto base = tiny_weights();
  // The folder, and the file in it, twice: scales add up.
  const auto adapted =
      with_adapters(base, {{path, 0.5}, {path + "/adapter_model.safetensors", -2.0}});
  const at::Tensor expected = values(base, kWeight) + (0.5 - 2.0) * 2.0 * product();
  EXPECT_LT((values(adapted, kWeight) - expected).abs().max().item<double>(), 1e-5);
  for (const auto& [name, view] : base.tensors()) {
    if (name == kWeight) continue;
    EXPECT_EQ(adapted.get(name).data, view.data) << name;
  }
}

TEST(Adapters, RoundOnceToTheStoredType) {
  const TemporaryFolder folder;
  const auto path = write_adapter(folder, kConfig, good_tensors());
  const auto base = tiny_weights(/*bf16=*/true);
  const auto adapted = with_adapters(base, {{path, 1.0}});
  const at::Tensor expected =
      (values(base, kWeight).to(at::kFloat) + 2.0 * product().to(at::kFloat)).to(at::kBFloat16);
  EXPECT_LT((values(adapted, kWeight) - expected.to(at::kDouble)).abs().max().item<double>(),
            1.0 / 64);
  EXPECT_EQ(adapted.get(kWeight).dtype, checkpoint::DType::kBFloat16);
}

TEST(Adapters, RankStabilisedOnesDivideByTheRoot) {
  const TemporaryFolder folder;
  const auto path =
      write_adapter(folder, R"({"peft_type": "LORA", "r": 3, "lora_alpha": 6, "use_rslora": true})",
                    good_tensors());
  const auto base = tiny_weights();
  const at::Tensor expected = values(base, kWeight) + 6.0 / std::sqrt(3.0) * product();
  EXPECT_LT(
      (values(with_adapters(base, {{path, 1.0}}), kWeight) - expected).abs().max().item<double>(),
      1e-5);
}

TEST(Adapters, ModulesHaveARankAndAnAlphaOfTheirOwn) {
  const TemporaryFolder folder;
  const auto path = write_adapter(
      folder,
      R"({"r": 8, "lora_alpha": 16, "rank_pattern": {"q_proj": 3}, "alpha_pattern": {"q_proj": 12}})",
      good_tensors());
  const auto base = tiny_weights();
  const at::Tensor expected = values(base, kWeight) + 4.0 * product();
  EXPECT_LT(
      (values(with_adapters(base, {{path, 1.0}}), kWeight) - expected).abs().max().item<double>(),
      1e-5);
}

TEST(Adapters, WhatDoesNotFitIsNamed) {
  const auto refuse = [](const std::string& reason, const std::string& config,
                         const training::NamedTensors& tensors) {
    const TemporaryFolder folder;
    const auto path = write_adapter(folder, config, tensors);
    expect_error(ErrorCode::kCheckpoint, reason, [&] {
      with_adapters(tiny_weights(), {{path, 1}});
    });
  };
  auto tensors = good_tensors();
  tensors[1].second = pattern(64, 2, 1.0);
  refuse("lora_B [64, 2] do not fit", kConfig, tensors);
  tensors = good_tensors();
  tensors.pop_back();
  refuse("only one of lora_A and lora_B", kConfig, tensors);
  tensors = {{"base_model.model.model.layers.9.self_attn.q_proj.lora_A.weight", pattern(3, 64, 1)},
             {"base_model.model.model.layers.9.self_attn.q_proj.lora_B.weight", pattern(64, 3, 1)}};
  refuse("model.layers.9.self_attn.q_proj.weight is not in the model", kConfig, tensors);
  refuse("tensor other belongs to no LoRA", kConfig, {{"other", pattern(1, 1, 1)}});
  refuse("key \"use_dora\" is true, must be false",
         R"({"r": 3, "lora_alpha": 6, "use_dora": true})", good_tensors());
  refuse("key \"peft_type\" is \"IA3\"", R"({"peft_type": "IA3", "r": 3, "lora_alpha": 6})",
         good_tensors());
  refuse("trained biases", R"({"r": 3, "lora_alpha": 6, "bias": "all"})", good_tensors());
  refuse("r must be a number above 0", R"({"r": 0, "lora_alpha": 6})", good_tensors());
  refuse("rank 1.0, but its weights have rank 3",
         R"({"r": 3, "lora_alpha": 6, "rank_pattern": {"q_proj": 1}})", good_tensors());
  refuse("key \"init_lora_weights\" is \"pissa\"",
         R"({"r": 3, "lora_alpha": 6, "init_lora_weights": "pissa"})", good_tensors());
  const TemporaryFolder empty;
  expect_error(ErrorCode::kCheckpoint, "adapter_config.json", [&] {
    with_adapters(tiny_weights(), {{empty.path(), 1.0}});
  });
}

TEST(Adapters, TextThatIsNoListOfAdaptersIsRefused) {
  EXPECT_TRUE(parse_adapters("[]").empty());
  const auto one = parse_adapters(R"([{"path": "a", "scale": 0.25}, {"path": "b"}])");
  EXPECT_EQ(one[0].scale, 0.25);
  EXPECT_EQ(one[1].scale, 1.0);
  for (const char* text :
       {"{}", "[1]", R"([{"scale": 1}])", R"([{"path": "a", "scale": "x"}])", ""}) {
    expect_error(ErrorCode::kInvalidArgument, "adapters must be a list",
                 [&] { parse_adapters(text); });
  }
}

TEST(Adapters, MergingWritesAWholeModelFolderOrNothing) {
  const TemporaryFolder folder;
  const TemporaryFolder adapter;
  const auto path = write_adapter(adapter, kConfig, good_tensors());
  recipe::RecipeOptions options;
  options.config = tiny_config();
  options.transformer = transformer_tensors(options.config);
  options.bf16 = false;
  recipe::write_recipe_checkpoint(folder.path("base"), options);
  merge_adapters(folder.path("base"), {{path, 1.0}}, folder.path("merged"));
  const auto base = checkpoint::WeightSet::open(folder.path("base"));
  const auto merged = checkpoint::WeightSet::open(folder.path("merged"));
  EXPECT_LT((values(merged, kWeight) - values(base, kWeight) - 2.0 * product())
                .abs()
                .max()
                .item<double>(),
            1e-5);
  EXPECT_EQ(merged.tensors().size(), base.tensors().size());
  EXPECT_EQ(lumina::testing::read_bytes(folder.path("merged/config.json")),
            lumina::testing::read_bytes(folder.path("base/config.json")));
  EXPECT_TRUE(std::filesystem::exists(folder.path("merged/tokenizer.json")));

  expect_error(ErrorCode::kInvalidArgument, "is no empty folder", [&] {
    merge_adapters(folder.path("base"), {{path, 1.0}}, folder.path("merged"));
  });
  adapter.write("adapter_model.safetensors", "damaged");
  expect_error(ErrorCode::kCheckpoint, "adapter_model.safetensors", [&] {
    merge_adapters(folder.path("base"), {{path, 1.0}}, folder.path("other"));
  });
  EXPECT_EQ(folder.entries(), (std::vector<std::string>{"base", "merged"}));
}

}  // namespace
}  // namespace lumina::model
