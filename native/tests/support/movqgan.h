// The golden networks of docs/spec/movqgan.md 12.1 and the comparison with golden values of 12.2.
#pragma once

#include <ATen/core/Tensor.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "vision/movqgan.h"

namespace lumina::testing {

// tests/data/movqgan_golden.json, the tables of docs/spec/movqgan.md 12.3 to 12.7.
const nlohmann::json& movqgan_golden();

// Recipe weights of one network or half of one.
checkpoint::WeightSet movqgan_weights(const vision::MovqganConfig& config,
                                      vision::MovqganPart part = vision::MovqganPart::kBoth);

// Recipe picture [batch, 3, height, width], float32.
at::Tensor recipe_image(const std::string& name, std::int64_t batch, std::int64_t height,
                        std::int64_t width);

at::Tensor code_grid(const std::vector<std::int64_t>& codes, std::int64_t batch, std::int64_t rows,
                     std::int64_t columns);                    // [batch, rows, columns] int64
std::vector<std::int64_t> code_list(const at::Tensor& codes);  // row-major

// Largest relative deviation from a golden value, times max(1, absmax): 5e-6 in float32 (12.2).
constexpr double kFloatTolerance = 5e-6;
// float64 agrees to far more digits than the tables print, so their rounding is all that is left.
constexpr double kDoubleTolerance = 1e-9;

// Compares shape, mean, std, absmax, first values and last value, as far as `golden` has them.
void expect_golden(const at::Tensor& actual, const nlohmann::json& golden, double tolerance,
                   const std::string& what);

// A tap that compares every stage of a golden table, and knows at the end which never came.
class StageCheck {
 public:
  StageCheck(const nlohmann::json& stages, double tolerance)
      : stages_(stages), tolerance_(tolerance) {}
  vision::Tap tap();
  void expect_all_seen() const;

 private:
  const nlohmann::json& stages_;
  double tolerance_;
  std::vector<std::string> seen_;
};

}  // namespace lumina::testing
