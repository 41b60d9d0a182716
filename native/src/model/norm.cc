#include "model/norm.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/util/BFloat16.h>

#include <cstdint>
#include <type_traits>
#include <utility>

#include "device/tensors.h"
#include "kernels/cpu/norm.h"

namespace lumina::model {
namespace {

// A constant of the reference's code, independent of rms_norm_eps.
constexpr double kHeadNormEps = 1e-5;
// Numbers that a thread should at least have to pass, for its start to be worth while.
constexpr std::int64_t kNumbersPerThread = 1 << 15;

// The kernels' view of T's numbers.
const float* numbers(const float* x) { return x; }
const std::uint16_t* numbers(const c10::BFloat16* x) { return &x->x; }
float* numbers(float* x) { return x; }
std::uint16_t* numbers(c10::BFloat16* x) { return &x->x; }

template <typename T>
at::Tensor rms_normalised(const at::Tensor& x, const at::Tensor& weight, double eps) {
  const at::Tensor y = at::empty_like(x);
  const std::int64_t n = x.size(-1);
  const auto* from = numbers(x.const_data_ptr<T>());
  auto* to = numbers(y.data_ptr<T>());
  const auto* by = numbers(weight.const_data_ptr<T>());
  at::parallel_for(
      0, x.numel() / n, kNumbersPerThread / n + 1, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t row = first; row < last; ++row) {
          kernels::rms_norm(from + row * n, by, static_cast<float>(eps), n, to + row * n);
        }
      });
  return y;
}

template <typename T>
at::Tensor placed(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                  const at::Tensor& cos, const at::Tensor& sin) {
  const std::int64_t batch = x.size(0), length = x.size(1), heads = x.size(2), d = x.size(3);
  const at::Tensor y = at::empty({batch, heads, length, d}, x.options());
  const auto* from = numbers(x.const_data_ptr<T>());
  auto* to = numbers(y.data_ptr<T>());
  const float* scale = weight.const_data_ptr<float>();
  const float* shift = bias.const_data_ptr<float>();
  const float* cosine = cos.const_data_ptr<float>();
  const float* sine = sin.const_data_ptr<float>();
  const auto place = [&](std::int64_t token, std::int64_t head) {
    const std::int64_t b = token / length, t = token % length;
    const kernels::HeadPlacement<std::remove_pointer_t<decltype(to)>> placement{
        from + (token * heads + head) * d,
        scale + head * d,
        shift + head * d,
        cosine + token * d / 2,
        sine + token * d / 2,
        d,
        static_cast<float>(kHeadNormEps),
        to + ((b * heads + head) * length + t) * d};
    kernels::place_head(placement);
  };
  at::parallel_for(0, batch * length, kNumbersPerThread / (heads * d) + 1,
                   [&](std::int64_t first, std::int64_t last) {
                     for (std::int64_t token = first; token < last; ++token) {
                       for (std::int64_t head = 0; head < heads; ++head) place(token, head);
                     }
                   });
  return y;
}

}  // namespace

RmsNorm::RmsNorm(at::Tensor weight, double eps) : weight_(std::move(weight)), eps_(eps) {}

RmsNorm RmsNorm::load(const checkpoint::WeightSet& weights, const std::string& name, double eps,
                      const Storage& storage) {
  return RmsNorm(device::to_tensor(weights.get(name + ".weight"), storage.dtype, storage.device),
                 eps);
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
                        std::int64_t heads, at::Device device) {
  return HeadNorm(device::to_tensor(weights.get(name + ".weight"), at::kFloat, device),
                  device::to_tensor(weights.get(name + ".bias"), at::kFloat, device), heads);
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
