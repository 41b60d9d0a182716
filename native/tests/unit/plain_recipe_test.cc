// Check vectors of the weight recipe, docs/spec/movqgan.md 12.1.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <numeric>

#include "recipe/recipe.h"

namespace lumina::recipe {
namespace {

TEST(RecipeTest, hash_and_stream_match_the_check_vectors) {
  const std::uint64_t hash = name_hash("codes");
  EXPECT_EQ(hash, 3457483093062269701ull);
  EXPECT_EQ(stream(hash, 0), 7294841110833731236ull);
  EXPECT_EQ(stream(hash, 1), 3636059881140487869ull);
}

TEST(RecipeTest, uniform_and_image_match_the_check_vectors) {
  const double expected[] = {-0.8043633699417114, 0.30472075939178467, -0.5927515029907227,
                             -0.45111072063446045};
  for (int i = 0; i < 4; ++i) EXPECT_EQ(uniform(name_hash("input"), i), expected[i]);
  const float pixels[] = {-0.8039216f, 0.3098039f, -0.5921569f,
                          -0.4509804f, 0.5843138f, 0.5215687f};
  const auto values = image("input", 1, 2, 3);
  ASSERT_EQ(values.size(), 18u);
  for (int i = 0; i < 6; ++i) EXPECT_NEAR(values[i], pixels[i], 1e-7);
}

std::vector<float> weights(Family family, const std::string& name,
                           const std::vector<std::int64_t>& shape, int threads = 1) {
  std::int64_t count = 1;
  for (const auto extent : shape) count *= extent;
  std::vector<float> values(count);
  fill_weights(family, name, shape, values.data(), threads);
  return values;
}

TEST(RecipeTest, first_weights_match_the_check_vectors) {
  const struct {
    const char* name;
    std::vector<std::int64_t> shape;
    float expected[4];
  } kCases[] = {
      {"encoder.conv_in.weight",
       {32, 3, 3, 3},
       {-0.0415810719f, -0.120236292f, -0.227292687f, -0.0438073017f}},
      {"decoder.norm_out.norm_layer.weight",
       {32},
       {0.973210394f, 1.06354237f, 0.763586104f, 0.919485211f}},
      {"decoder.norm_out.conv_y.bias",
       {32},
       {0.0697246194f, -0.241840184f, 0.171858251f, 0.144222826f}},
      {"quantize.embedding.weight",
       {64, 4},
       {-0.0941338539f, -0.333653331f, 0.442329884f, -0.795024514f}},
      {"quant_conv.weight",
       {4, 4, 1, 1},
       {0.0657750368f, -0.806102395f, -0.629222393f, 0.0612965822f}},
  };
  for (const auto& test : kCases) {
    const auto values = weights(Family::kMovqgan, test.name, test.shape);
    for (int i = 0; i < 4; ++i) EXPECT_NEAR(values[i], test.expected[i], 1e-9) << test.name;
  }
}

TEST(RecipeTest, sums_match_the_check_vectors) {
  const auto sum = [](const std::string& name, const std::vector<std::int64_t>& shape) {
    const auto values = weights(Family::kMovqgan, name, shape);
    return std::accumulate(values.begin(), values.end(), 0.0);
  };
  EXPECT_NEAR(sum("encoder.conv_in.weight", {32, 3, 3, 3}), 0.920940, 5e-7);
  EXPECT_NEAR(sum("quantize.embedding.weight", {64, 4}), 7.896090, 5e-7);
  EXPECT_NEAR(sum("encoder.conv_in.weight", {256, 3, 3, 3}), 10.038073, 5e-7);
  EXPECT_NEAR(sum("quantize.embedding.weight", {16384, 4}), 46.356676, 5e-7);
}

TEST(RecipeTest, transformer_weights_follow_their_own_rules) {
  const auto first = [](const std::string& name, const std::vector<std::int64_t>& shape) {
    return weights(Family::kTransformer, name, shape)[0];
  };
  const auto u = [](const std::string& name) { return uniform(name_hash(name), 0); };
  const std::string norm = "model.layers.0.self_attn.q_norm.weight";
  const std::string bias = "model.layers.0.self_attn.q_norm.bias";
  const std::string matrix = "model.layers.0.mlp.down_proj.weight";
  const std::string embedding = "model.embed_tokens.weight";
  EXPECT_EQ(first(norm, {1, 16}), static_cast<float>(1 + 0.25 * u(norm)));
  EXPECT_EQ(first(bias, {1, 16}), static_cast<float>(0.25 * u(bias)));
  EXPECT_EQ(first(matrix, {8, 16}), static_cast<float>(u(matrix) * 2 / 4.0));
  EXPECT_EQ(first(embedding, {8, 16}), static_cast<float>(u(embedding)));
  // The golden language model gives the first values of its embedding's row 151645.
  const auto rows = weights(Family::kTransformer, embedding, {151646, 64});
  EXPECT_FLOAT_EQ(rows[151645 * 64], -0.23576784133911133f);
  EXPECT_FLOAT_EQ(rows[151645 * 64 + 3], -0.4520444869995117f);
}

TEST(RecipeTest, threads_do_not_change_values) {
  const std::vector<std::int64_t> shape = {311, 257};
  EXPECT_EQ(weights(Family::kTransformer, "lm_head.weight", shape, 1),
            weights(Family::kTransformer, "lm_head.weight", shape, 3));
}

TEST(RecipeTest, bf16_is_the_nearest_even_of_the_float) {
  const std::vector<std::int64_t> shape = {64, 64};
  const auto floats = weights(Family::kTransformer, "lm_head.weight", shape);
  std::vector<std::uint16_t> halves(floats.size());
  fill_weights_bf16(Family::kTransformer, "lm_head.weight", shape, halves.data());
  for (std::size_t i = 0; i < floats.size(); ++i) {
    const std::uint32_t bits = static_cast<std::uint32_t>(halves[i]) << 16;
    float value;
    std::memcpy(&value, &bits, sizeof value);
    ASSERT_LE(std::abs(value - floats[i]), std::abs(floats[i]) / 256) << i;
  }
}

TEST(RecipeTest, codes_follow_the_stream) {
  const auto values = codes(2, 64);
  EXPECT_EQ(values[0], static_cast<int>((7294841110833731236ull >> 40) % 64));
  EXPECT_EQ(values[1], static_cast<int>((3636059881140487869ull >> 40) % 64));
}

TEST(RecipeTest, a_salt_stands_before_the_name) {
  const std::vector<checkpoint::TensorSpec> specs = {{"quant_conv.weight", {4, 4, 1, 1}}};
  const auto salted = make_weights(Family::kMovqgan, specs, false, "quant_");
  const auto* values = static_cast<const float*>(salted.get("quant_conv.weight").data);
  const double scale = 2.0 / std::sqrt(4.0);
  const auto hash = name_hash("quant_quant_conv.weight");
  for (int i = 0; i < 16; ++i) {
    EXPECT_EQ(values[i], static_cast<float>(scale * uniform(hash, i))) << i;
  }
}

TEST(RecipeTest, weight_sets_hold_every_tensor) {
  const auto set = make_weights(Family::kMovqgan, {{"quant_conv.weight", {4, 4, 1, 1}}}, true);
  const auto& view = set.get("quant_conv.weight");
  EXPECT_EQ(view.dtype, checkpoint::DType::kBFloat16);
  EXPECT_TRUE(view.contiguous());
}

}  // namespace
}  // namespace lumina::recipe
