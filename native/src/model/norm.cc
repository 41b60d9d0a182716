#include "model/norm.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/util/BFloat16.h>

#include <cmath>
#include <utility>
#include <vector>

#include "device/tensors.h"

namespace lumina::model {
namespace {

// A constant of the reference's code, independent of rms_norm_eps.
constexpr double kHeadNormEps = 1e-5;
// Numbers that a thread should at least have to pass, for its start to be worth while.
constexpr std::int64_t kNumbersPerThread = 1 << 15;

template <typename T>
void rms_normalise(const T* x, const T* weight, double eps, std::int64_t n, T* y) {
  float sum = 0.0f;
#pragma omp simd reduction(+ : sum)
  for (std::int64_t i = 0; i < n; ++i) sum += static_cast<float>(x[i]) * static_cast<float>(x[i]);
  const float scale = 1.0f / std::sqrt(sum / static_cast<float>(n) + static_cast<float>(eps));
  for (std::int64_t i = 0; i < n; ++i) {
    const T normal = static_cast<T>(static_cast<float>(x[i]) * scale);
    y[i] = static_cast<T>(static_cast<float>(normal) * static_cast<float>(weight[i]));
  }
}

template <typename T>
at::Tensor rms_normalised(const at::Tensor& x, const at::Tensor& weight, double eps) {
  const at::Tensor y = at::empty_like(x);
  const std::int64_t n = x.size(-1);
  const T* from = x.const_data_ptr<T>();
  T* to = y.data_ptr<T>();
  const T* by = weight.const_data_ptr<T>();
  at::parallel_for(0, x.numel() / n, kNumbersPerThread / n + 1,
                   [&](std::int64_t first, std::int64_t last) {
                     for (std::int64_t row = first; row < last; ++row) {
                       rms_normalise(from + row * n, by, eps, n, to + row * n);
                     }
                   });
  return y;
}

// One head of one token: normalised, scaled and shifted, rotated. `normal` has room for d numbers.
template <typename T>
void place_head(const T* x, const float* weight, const float* bias, const float* cos,
                const float* sin, std::int64_t d, float* normal, T* y) {
  float sum = 0.0f;
#pragma omp simd reduction(+ : sum)
  for (std::int64_t i = 0; i < d; ++i) sum += static_cast<float>(x[i]);
  const float mean = sum / static_cast<float>(d);
  float squares = 0.0f;
#pragma omp simd reduction(+ : squares)
  for (std::int64_t i = 0; i < d; ++i) {
    normal[i] = static_cast<float>(x[i]) - mean;
    squares += normal[i] * normal[i];
  }
  const float scale =
      1.0f / std::sqrt(squares / static_cast<float>(d) + static_cast<float>(kHeadNormEps));
  for (std::int64_t i = 0; i < d; ++i) normal[i] = normal[i] * scale * weight[i] + bias[i];
  const std::int64_t half = d / 2;
  for (std::int64_t i = 0; i < half; ++i) {
    const float low = normal[i];
    const float high = normal[half + i];
    y[i] = static_cast<T>(low * cos[i] - high * sin[i]);
    y[half + i] = static_cast<T>(high * cos[i] + low * sin[i]);
  }
}

template <typename T>
at::Tensor placed(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                  const at::Tensor& cos, const at::Tensor& sin) {
  const std::int64_t batch = x.size(0), length = x.size(1), heads = x.size(2), d = x.size(3);
  const at::Tensor y = at::empty({batch, heads, length, d}, x.options());
  at::parallel_for(0, batch * length, kNumbersPerThread / (heads * d) + 1,
                   [&](std::int64_t first, std::int64_t last) {
                     std::vector<float> normal(d);
                     for (std::int64_t token = first; token < last; ++token) {
                       const std::int64_t b = token / length, t = token % length;
                       for (std::int64_t head = 0; head < heads; ++head) {
                         place_head(x.const_data_ptr<T>() + (token * heads + head) * d,
                                    weight.const_data_ptr<float>() + head * d,
                                    bias.const_data_ptr<float>() + head * d,
                                    cos.const_data_ptr<float>() + token * d / 2,
                                    sin.const_data_ptr<float>() + token * d / 2, d, normal.data(),
                                    y.data_ptr<T>() + ((b * heads + head) * length + t) * d);
                       }
                     }
                   });
  return y;
}

}  // namespace

RmsNorm::RmsNorm(at::Tensor weight, double eps) : weight_(std::move(weight)), eps_(eps) {}

RmsNorm RmsNorm::load(const checkpoint::WeightSet& weights, const std::string& name, double eps,
                      at::ScalarType dtype) {
  return RmsNorm(device::to_tensor(weights.get(name + ".weight"), dtype), eps);
}

at::Tensor RmsNorm::operator()(const at::Tensor& x) const {
  if (x.is_cpu() && x.is_contiguous() && x.numel() > 0 &&
      x.scalar_type() == weight_.scalar_type()) {
    if (x.scalar_type() == at::kFloat) return rms_normalised<float>(x, weight_, eps_);
    if (x.scalar_type() == at::kBFloat16) return rms_normalised<c10::BFloat16>(x, weight_, eps_);
  }
  return plain(x);
}

at::Tensor RmsNorm::plain(const at::Tensor& x) const {
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

at::Tensor HeadNorm::placed(const at::Tensor& x, const Rotation& rotation) const {
  if (x.is_cpu() && x.is_contiguous() && x.numel() > 0 && rotation.cos.size(0) == x.size(0)) {
    const at::Tensor cos = rotation.cos.contiguous(), sin = rotation.sin.contiguous();
    if (x.scalar_type() == at::kFloat) return model::placed<float>(x, weight_, bias_, cos, sin);
    if (x.scalar_type() == at::kBFloat16) {
      return model::placed<c10::BFloat16>(x, weight_, bias_, cos, sin);
    }
  }
  return rotate((*this)(x), rotation).to(x.scalar_type()).transpose(1, 2);
}

}  // namespace lumina::model
