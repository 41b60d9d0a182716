// Strictness of a weight set against the tensors that a model needs.
#include <gtest/gtest.h>

#include "checkpoint/weight_set.h"
#include "support/expect_error.h"

namespace lumina::checkpoint {
namespace {

using lumina::testing::expect_error;

TensorView view(const std::vector<std::int64_t>& shape, DType dtype = DType::kFloat32,
                const std::string& file = "folder/s1.safetensors") {
  TensorView tensor;
  tensor.dtype = dtype;
  tensor.shape = shape;
  tensor.file = file;
  return tensor;
}

const auto kNothing = [](const std::string&) { return false; };

WeightSet two_weights() {
  return WeightSet::in_memory({{"a", view({2, 3})}, {"b", view({4})}}, "folder/index.json");
}

void expect_refused(const WeightSet& set, const std::vector<TensorSpec>& expected,
                    const std::string& text) {
  expect_error(ErrorCode::kCheckpoint, "folder/index.json: " + text,
               [&] { set.require(expected, kNothing); });
}

TEST(WeightSetTest, accepts_exactly_what_is_expected) {
  two_weights().require({{"a", {2, 3}}, {"b", {4}}}, kNothing);
}

TEST(WeightSetTest, names_a_missing_tensor) {
  expect_refused(two_weights(), {{"a", {2, 3}}, {"b", {4}}, {"c", {1}}},
                 R"(tensor "c" is missing)");
}

TEST(WeightSetTest, names_a_wrong_shape_and_its_shard) {
  expect_refused(two_weights(), {{"a", {3, 2}}, {"b", {4}}},
                 R"(tensor "a" (s1.safetensors) has shape [2, 3], expected [3, 2])");
}

TEST(WeightSetTest, names_a_type_that_is_not_floating) {
  const WeightSet set = WeightSet::in_memory({{"a", view({2}, DType::kInt8, "folder/index.json")}},
                                             "folder/index.json");
  expect_refused(set, {{"a", {2}}}, R"(tensor "a" has dtype I8, expected a floating type)");
}

TEST(WeightSetTest, names_an_unknown_tensor_unless_ignored) {
  expect_refused(two_weights(), {{"a", {2, 3}}},
                 R"(tensor "b" (s1.safetensors) is not part of this model)");
  two_weights().require({{"a", {2, 3}}}, [](const std::string& name) { return name == "b"; });
}

TEST(WeightSetTest, names_the_first_offenders_and_counts_the_others) {
  std::vector<TensorSpec> expected;
  for (int i = 0; i < 6; ++i) expected.push_back({"missing." + std::to_string(i), {1}});
  expect_refused(two_weights(), expected,
                 R"(tensor "missing.0" is missing; tensor "missing.1" is missing; )"
                 R"(tensor "missing.2" is missing; and 5 more)");
}

TEST(WeightSetTest, get_names_what_is_absent) {
  EXPECT_EQ(two_weights().find("c"), nullptr);
  expect_error(ErrorCode::kCheckpoint, R"(folder/index.json: tensor "c" is missing)",
               [] { two_weights().get("c"); });
}

TEST(TensorViewTest, knows_when_it_is_contiguous) {
  TensorView tensor = view({2, 1, 3});
  tensor.strides = {3, 77, 1};  // the stride of a single element does not matter
  EXPECT_TRUE(tensor.contiguous());
  tensor.strides = {1, 1, 2};
  EXPECT_FALSE(tensor.contiguous());
  EXPECT_EQ(tensor.numel(), 6);
  EXPECT_EQ(shape_text(tensor.shape), "[2, 1, 3]");
  EXPECT_EQ(shape_text({}), "[]");
}

}  // namespace
}  // namespace lumina::checkpoint
