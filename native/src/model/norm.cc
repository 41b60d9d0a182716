#include "model/norm.h"

#include <ATen/ATen.h>

#include <utility>

#include "device/tensors.h"

namespace lumina::model {
namespace {

// A constant of the reference's code, independent of rms_norm_eps.
constexpr double kHeadNormEps = 1e-5;

}  // namespace

RmsNorm::RmsNorm(at::Tensor weight, double eps) : weight_(std::move(weight)), eps_(eps) {}

RmsNorm RmsNorm::load(const checkpoint::WeightSet& weights, const std::string& name, double eps,
                      at::ScalarType dtype) {
  return RmsNorm(device::to_tensor(weights.get(name + ".weight"), dtype), eps);
}

at::Tensor RmsNorm::operator()(const at::Tensor& x) const {
  const at::Tensor wide = x.to(at::kFloat);
  const at::Tensor scale = at::rsqrt(wide.square().mean(-1, /*keepdim=*/true).add_(eps_));
  return (wide * scale).to(x.scalar_type()).mul_(weight_);
}

HeadNorm::HeadNorm(const at::Tensor& weight, const at::Tensor& bias, std::int64_t heads)
    : weight_(weight.to(at::kFloat).repeat_interleave(heads / weight.size(0), 0)),
      bias_(bias.to(at::kFloat).repeat_interleave(heads / bias.size(0), 0)) {}

HeadNorm HeadNorm::load(const checkpoint::WeightSet& weights, const std::string& name,
                        std::int64_t heads) {
  return HeadNorm(device::to_tensor(weights.get(name + ".weight"), at::kFloat),
                  device::to_tensor(weights.get(name + ".bias"), at::kFloat), heads);
}

at::Tensor HeadNorm::operator()(const at::Tensor& x) const {
  const at::Tensor normal = at::layer_norm(x.to(at::kFloat), {x.size(-1)}, {}, {}, kHeadNormEps);
  return normal * weight_ + bias_;
}

}  // namespace lumina::model
