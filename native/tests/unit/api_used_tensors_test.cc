// What a checkpoint holds beside the model decides nothing: not the number format, not the memory.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "api/inspect.h"
#include "api/loading.h"
#include "checkpoint/safetensors_writer.h"
#include "checkpoint/weight_set.h"
#include "device/tensors.h"
#include "model/layout.h"
#include "model/quantized_folder.h"
#include "quant/formats.h"
#include "recipe/recipe_checkpoint.h"
#include "support/recipe_model.h"
#include "support/temporary_folder.h"

namespace lumina::api {
namespace {

using checkpoint::DType;
using lumina::testing::TemporaryFolder;

// A bf16 model with left-over tensors of fp32, as old versions of transformers and the Chameleon
// image tokenizer leave them, and with one norm of the model itself in `norm`.
std::string write_model(const TemporaryFolder& folder, const std::vector<std::string>& extra,
                        DType norm = DType::kBFloat16, bool tied = false) {
  recipe::RecipeOptions options;
  options.config = lumina::testing::tiny_config();
  options.transformer = model::transformer_tensors(options.config);
  options.config.tie_word_embeddings = tied;
  options.bf16 = true;
  const std::string path = folder.path("model");
  recipe::write_recipe_checkpoint(path, options);
  const auto weights = checkpoint::WeightSet::open(path);
  std::vector<checkpoint::TensorDeclaration> declared;
  const std::string last = std::string(model::kFinalNorm) + ".weight";
  const auto type_of = [&](const std::string& name, const checkpoint::TensorView& view) {
    return name == last ? norm : name == "lm_head.weight" && tied ? DType::kFloat32 : view.dtype;
  };
  for (const auto& [name, view] : weights.tensors()) {
    declared.push_back({name, type_of(name, view), view.shape});
  }
  for (const auto& name : extra) declared.push_back({name, DType::kFloat32, {2}});
  checkpoint::SafetensorsWriter writer(folder.path("new"), declared, {});
  for (const auto& [name, view] : weights.tensors()) {
    const at::Tensor plain =
        device::to_tensor(view, device::scalar_type(type_of(name, view))).contiguous();
    writer.append(name, plain.const_data_ptr(), plain.nbytes());
  }
  const float numbers[] = {1.0f, 2.0f};
  for (const auto& name : extra) writer.append(name, numbers, sizeof numbers);
  writer.finish();
  std::filesystem::rename(folder.path("new"), path + "/model.safetensors");
  return path;
}

at::ScalarType loaded_dtype(const std::string& path) {
  EngineOptions options;
  options.model_dir = path;
  options.token_ids = lumina::testing::tiny_token_ids();
  return load(options).transformer->dtype();
}

const std::vector<std::string>& leftovers() {
  static const std::vector<std::string> names = {"model.layers.0.self_attn.rotary_emb.inv_freq",
                                                 "model.layers.1.self_attn.rotary_emb.inv_freq",
                                                 "model.vqmodel.encoder.conv_in.weight"};
  return names;
}

TEST(UsedTensors, LeftoversOfAnotherFormatDoNotMakeAModelFp32) {
  const TemporaryFolder folder;
  const std::string path = write_model(folder, leftovers());
  EXPECT_EQ(loaded_dtype(path), at::kBFloat16);
  const auto told = nlohmann::json::parse(inspect_path(path, ""))["transformer"];
  EXPECT_EQ(told["stored_dtype"], "BF16");
  EXPECT_EQ(told["unused_tensors"], leftovers());
  const TemporaryFolder other;
  const auto plain = nlohmann::json::parse(inspect_path(write_model(other, {}), ""))["transformer"];
  EXPECT_EQ(told["weight_bytes"], plain["weight_bytes"]);
  EXPECT_TRUE(plain["unused_tensors"].empty());
}

TEST(UsedTensors, ATiedHeadThatIsStoredAsWellDecidesNothing) {
  const TemporaryFolder folder;
  const std::string path = write_model(folder, {}, DType::kBFloat16, /*tied=*/true);
  EXPECT_EQ(loaded_dtype(path), at::kBFloat16);
  EXPECT_EQ(nlohmann::json::parse(inspect_path(path, ""))["transformer"]["stored_dtype"], "BF16");
}

TEST(UsedTensors, AUsedTensorOfFp32StillMakesItFp32) {
  const TemporaryFolder folder;
  const std::string path = write_model(folder, {}, DType::kFloat32);
  EXPECT_EQ(loaded_dtype(path), at::kFloat);
  EXPECT_EQ(nlohmann::json::parse(inspect_path(path, ""))["transformer"]["stored_dtype"], "mixed");
}

TEST(UsedTensors, QuantisingLeavesTheLeftoversOut) {
  const TemporaryFolder folder;
  const std::string path = write_model(folder, leftovers());
  model::write_quantized(path, quant::find_format("int8"), folder.path("int8"), [](double) {});
  EXPECT_EQ(loaded_dtype(folder.path("int8")), at::kBFloat16);
  const auto told = nlohmann::json::parse(inspect_path(folder.path("int8"), ""))["transformer"];
  EXPECT_TRUE(told["unused_tensors"].empty());
}

TEST(UsedTensors, InspectionTellsWhichKeysOfTheConfigArePassedOver) {
  const TemporaryFolder folder;
  const std::string path = write_model(folder, {});
  const auto told = nlohmann::json::parse(inspect_path(path, ""))["transformer"]["config_notes"];
  const nlohmann::json expected = {{"key", "initializer_range"}, {"remark", "for training"}};
  EXPECT_NE(std::find(told.begin(), told.end(), expected), told.end()) << told;
}

}  // namespace
}  // namespace lumina::api
