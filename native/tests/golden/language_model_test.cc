// The transformer against the public reference, evaluated in float64 on recipe weights
// (tests/data/language_model.json): every tap, statistics of all logits, and single values.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "decoding/decode.h"
#include "model/transformer.h"
#include "sampling/picture_layout.h"
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

// Greedy runs through the reference's guidance schedule, structure and top-k: token for token.
class GreedyGolden : public ::testing::Test {
 protected:
  static const model::Transformer& transformer() {
    static const model::Transformer model = testing::recipe_transformer(
        checkpoint::ModelConfig::parse(tiny().at("config").dump(), "golden"));
    return model;
  }

  static const json& tiny() { return language_model_golden().at("cases").at("tiny"); }

  // Decodes from `prompt`, which ends in image start, two grid tokens and given rows, and compares.
  static void expect_run(const json& run) {
    const TokenIds ids;
    auto prompt = run.at("prompt").get<std::vector<std::int32_t>>();
    const auto start = std::find(prompt.begin(), prompt.end(), ids.image_start);
    ASSERT_LE(start + 3, prompt.end());
    decoding::DecodeRequest request;
    request.prompt.assign(prompt.begin(), start);
    request.grid_rows = sampling::grid_cells(start[1], ids);
    request.grid_columns = sampling::grid_cells(start[2], ids);
    for (auto token = start + 3; token != prompt.end(); ++token) {
      if (*token != ids.new_line) request.given.push_back(*token - 155000);
    }
    request.sampling.guidance_scale = run.at("cfg").get<double>();
    request.sampling.guidance_schedule = "reference";
    request.sampling.image_top_k = 1;

    decoding::KeptCache cache;
    const decoding::Decoded decoded =
        decoding::decode(transformer(), cache, ids, request, decoding::Monitor());
    // The request's own tokens follow what the golden prompt holds from image start on.
    const auto begin = decoded.tokens.begin() + (prompt.end() - start);
    EXPECT_EQ(std::vector<std::int32_t>(begin, decoded.tokens.end()),
              run.at("tokens").get<std::vector<std::int32_t>>());
    EXPECT_TRUE(decoded.complete);
    EXPECT_EQ(decoded.stats.generated_tokens, static_cast<std::int64_t>(run.at("tokens").size()));
    EXPECT_EQ(decoded.stats.prompt_tokens, static_cast<std::int64_t>(prompt.size()));
  }
};

TEST_F(GreedyGolden, TextToImageRunsAgreeTokenForToken) {
  ASSERT_EQ(tiny().at("greedy").size(), 4u);
  for (const json& run : tiny().at("greedy")) {
    SCOPED_TRACE("grid " + run.at("grid_h").dump() + "x" + run.at("grid_w").dump() + " cfg " +
                 run.at("cfg").dump());
    expect_run(run);
  }
}

TEST_F(GreedyGolden, ImageToImageRunAgreesTokenForToken) { expect_run(tiny().at("greedy_i2i")); }

}  // namespace
}  // namespace lumina
