// The transformer against the public reference, evaluated in float64 on recipe weights
// (tests/data/language_model.json): every tap, statistics of all logits, and single values.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "model/transformer.h"
#include "support/recipe_model.h"

namespace lumina {
namespace {

using nlohmann::json;
using testing::language_model_golden;

constexpr double kTolerance = 2e-5;

void expect_values(const at::Tensor& actual, const json& expected, const std::string& what) {
  ASSERT_EQ(actual.numel(), static_cast<std::int64_t>(expected.size())) << what;
  const at::Tensor flat = actual.flatten().to(at::kDouble);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(flat[i].item<double>(), expected[i].get<double>(), kTolerance)
        << what << " value " << i;
  }
}

void expect_statistics(const at::Tensor& value, const json& expected, const std::string& what) {
  ASSERT_EQ(value.sizes().vec(), expected.at("shape").get<std::vector<std::int64_t>>()) << what;
  const at::Tensor flat = value.flatten().to(at::kDouble);
  EXPECT_NEAR(flat.mean().item<double>(), expected.at("mean").get<double>(), kTolerance) << what;
  EXPECT_NEAR(flat.std(/*unbiased=*/false).item<double>(), expected.at("std").get<double>(),
              kTolerance)
      << what;
  EXPECT_NEAR(flat.abs().max().item<double>(), expected.at("absmax").get<double>(), kTolerance)
      << what;
  expect_values(flat.narrow(0, 0, 4), expected.at("first"), what + " first");
  EXPECT_NEAR(flat[-1].item<double>(), expected.at("last").get<double>(), kTolerance) << what;
}

class LanguageModelGolden : public ::testing::TestWithParam<std::string> {};

TEST_P(LanguageModelGolden, ForwardAgreesWithTheReference) {
  const json& golden = language_model_golden().at("cases").at(GetParam());
  const auto config = checkpoint::ModelConfig::parse(golden.at("config").dump(), "golden");
  const model::Transformer transformer = testing::recipe_transformer(config);
  const auto ids = golden.at("ids").get<std::vector<std::int64_t>>();

  std::map<std::string, at::Tensor> taps;
  model::ForwardHooks hooks;
  hooks.tap = [&](const std::string& name, const at::Tensor& value) { taps[name] = value.clone(); };
  model::KvCache cache = transformer.new_cache(1, static_cast<std::int64_t>(ids.size()));
  const at::Tensor hidden = transformer.forward({0}, testing::ids_tensor({ids}), cache, hooks);

  ASSERT_EQ(taps.size(), golden.at("taps").size());
  for (const auto& [name, expected] : golden.at("taps").items()) {
    ASSERT_EQ(taps.count(name), 1u) << name;
    expect_statistics(taps.at(name), expected, name);
  }
  const at::Tensor logits = transformer.logits(hidden, 0, config.vocab_size);
  EXPECT_EQ(logits.scalar_type(), at::kFloat);
  expect_statistics(logits, golden.at("logits"), "logits");

  const at::Tensor last = logits[0][-1];
  expect_values(last.narrow(0, 0, 6), golden.at("last_logits_first"), "last logits");
  const auto [values, indices] = last.topk(8);
  EXPECT_EQ(std::vector<std::int64_t>(indices.data_ptr<std::int64_t>(),
                                      indices.data_ptr<std::int64_t>() + 8),
            golden.at("last_top_ids").get<std::vector<std::int64_t>>());
  expect_values(values, golden.at("last_top_values"), "largest logits");
  if (golden.contains("last_logits_155000")) {
    // The head restricted to a range of ids gives the values of the whole head.
    const at::Tensor part = transformer.logits(hidden.select(1, -1), 155000, 6);
    expect_values(part, golden.at("last_logits_155000"), "logits from 155000");
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, LanguageModelGolden,
                         ::testing::Values("tiny", "gqa_mp2", "swin", "theta", "rope_linear"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace lumina
