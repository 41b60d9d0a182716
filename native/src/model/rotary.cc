#include "model/rotary.h"

#include <ATen/ATen.h>

#include <cmath>

namespace lumina::model {
namespace {

// theta^(-2i/d) for i = 0 .. d/2-1, in fp32 as the reference computes it.
at::Tensor inverse_frequencies(double theta, std::int64_t d) {
  const at::Tensor exponent = at::arange(0, d, 2, at::kFloat) / static_cast<double>(d);
  return at::pow(theta, exponent).reciprocal();
}

}  // namespace

Rotation Rotation::narrow(std::int64_t first, std::int64_t count) const {
  return {cos.narrow(1, first, count), sin.narrow(1, first, count)};
}

Rotary::Rotary(const checkpoint::ModelConfig& config)
    : head_dim_(config.head_dim()),
      max_positions_(config.max_position_embeddings),
      theta_(config.rope_theta),
      scaling_(config.rope_scaling),
      inv_freq_(inverse_frequencies(theta_, head_dim_)) {}

at::Tensor Rotary::angles(std::int64_t start, std::int64_t length) const {
  using Type = checkpoint::RopeScaling::Type;
  at::Tensor position = at::arange(start, start + length, at::kFloat);
  at::Tensor inv_freq = inv_freq_;
  const std::int64_t end = start + length;
  if (scaling_.type == Type::kLinear) {
    position = position / scaling_.factor;
  } else if (scaling_.type == Type::kDynamic && end > max_positions_) {
    // Frequencies follow this row and this window alone. The reference keeps those of the longest
    // row it has seen, also for the other row of guidance, which is shorter, and for the next
    // picture: a mistake, which is not repeated here, so with guidance the codes differ from its.
    const double d = static_cast<double>(head_dim_);
    const double stretch =
        scaling_.factor * static_cast<double>(end) / static_cast<double>(max_positions_) -
        (scaling_.factor - 1.0);
    inv_freq = inverse_frequencies(theta_ * std::pow(stretch, d / (d - 2.0)), head_dim_);
  }
  return position.unsqueeze(1) * inv_freq.unsqueeze(0);
}

Rotation Rotary::at(const std::vector<std::int64_t>& starts, std::int64_t length,
                    at::ScalarType dtype) const {
  std::vector<at::Tensor> rows;
  rows.reserve(starts.size());
  for (const std::int64_t start : starts) rows.push_back(angles(start, length));
  const at::Tensor angle = at::stack(rows).unsqueeze(2);  // [B, T, 1, d/2]
  return {angle.cos().to(dtype).to(at::kFloat), angle.sin().to(dtype).to(at::kFloat)};
}

at::Tensor rotate(const at::Tensor& x, const Rotation& rotation) {
  const std::int64_t half = x.size(-1) / 2;
  const at::Tensor low = x.narrow(-1, 0, half);
  const at::Tensor high = x.narrow(-1, half, half);
  return at::cat(
      {low * rotation.cos - high * rotation.sin, high * rotation.cos + low * rotation.sin}, -1);
}

}  // namespace lumina::model
