#include "support/movqgan.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <fstream>

#include "recipe/recipe.h"
#include "support/places.h"

namespace lumina::testing {

const nlohmann::json& movqgan_golden() {
  static const nlohmann::json golden = [] {
    std::ifstream file(test_data("movqgan_golden.json"));
    return nlohmann::json::parse(file);
  }();
  return golden;
}

checkpoint::WeightSet movqgan_weights(const vision::MovqganConfig& config,
                                      vision::MovqganPart part) {
  return recipe::make_weights(recipe::Family::kMovqgan, vision::movqgan_tensors(config, part));
}

at::Tensor recipe_image(const std::string& name, std::int64_t batch, std::int64_t height,
                        std::int64_t width) {
  const std::vector<float> values = recipe::image(name, batch, height, width);
  return at::tensor(values).view({batch, 3, height, width});
}

at::Tensor code_grid(const std::vector<std::int64_t>& codes, std::int64_t batch, std::int64_t rows,
                     std::int64_t columns) {
  return at::tensor(codes, at::kLong).view({batch, rows, columns});
}

std::vector<std::int64_t> code_list(const at::Tensor& codes) {
  const at::Tensor flat = codes.contiguous();
  const std::int64_t* values = flat.const_data_ptr<std::int64_t>();
  return std::vector<std::int64_t>(values, values + flat.numel());
}

void expect_golden(const at::Tensor& actual, const nlohmann::json& golden, double tolerance,
                   const std::string& what) {
  SCOPED_TRACE(what);
  if (golden.contains("shape")) {
    ASSERT_EQ(actual.sizes().vec(), golden["shape"].get<std::vector<std::int64_t>>());
  }
  const at::Tensor values = actual.to(at::kDouble).contiguous().flatten();
  const double absmax = values.abs().max().item<double>();
  const double bound = tolerance * std::max(1.0, absmax);
  const double printed = 5.1e-7;  // tables have six decimals, absmax five
  if (golden.contains("mean")) {
    EXPECT_NEAR(values.mean().item<double>(), golden["mean"].get<double>(), bound + printed);
  }
  if (golden.contains("std")) {
    EXPECT_NEAR(values.std(false).item<double>(), golden["std"].get<double>(), bound + printed);
  }
  if (golden.contains("absmax")) {
    EXPECT_NEAR(absmax, golden["absmax"].get<double>(), bound + 10 * printed);
  }
  if (golden.contains("first")) {
    for (std::size_t i = 0; i < golden["first"].size(); ++i) {
      EXPECT_NEAR(values[static_cast<std::int64_t>(i)].item<double>(),
                  golden["first"][i].get<double>(), bound + printed);
    }
  }
  if (golden.contains("last")) {
    EXPECT_NEAR(values[-1].item<double>(), golden["last"].get<double>(), bound + printed);
  }
}

vision::Tap StageCheck::tap() {
  return [this](const std::string& name, const at::Tensor& output) {
    for (const auto& stage : stages_) {
      if (stage["name"] != name) continue;
      expect_golden(output, stage, tolerance_, name);
      seen_.push_back(name);
    }
  };
}

void StageCheck::expect_all_seen() const {
  std::vector<std::string> expected;
  for (const auto& stage : stages_) expected.push_back(stage["name"]);
  EXPECT_EQ(seen_, expected);  // in the table's order, which is the network's
}

}  // namespace lumina::testing
