#include "quant/int4.h"

#include <ATen/ATen.h>

#include "lumina/status.h"
#include "quant/rounding.h"

namespace lumina::quant {
namespace {

constexpr int kMiddle = 8;
constexpr int kLevels = 15;
constexpr double kLeastScale = 1e-6;  // of a group of equal weights

struct Group {
  at::Tensor codes;  // [n, groups, group] uint8
  at::Tensor scale;  // [n, groups] bf16
  at::Tensor zero;   // [n, groups] bf16
};

at::Tensor nearest_codes(const at::Tensor& weight, const at::Tensor& scale,
                         const at::Tensor& zero) {
  const at::Tensor lowest = (zero - scale * kMiddle).unsqueeze(-1);
  return at::round((weight - lowest) / scale.unsqueeze(-1)).clamp_(0, kLevels).to(at::kByte);
}

// weight [n, groups, group]
Group quantize_groups(const at::Tensor& weight, Int4Method method) {
  const at::Tensor low = weight.amin(-1);
  const at::Tensor high = weight.amax(-1);
  at::Tensor scale = (high - low) / kLevels;
  at::Tensor zero = low + scale * kMiddle;
  scale = scale.clamp_min(kLeastScale);
  at::Tensor codes;
  if (method == Int4Method::kHqq) {
    const at::Tensor wide = weight.to(at::kFloat);
    const at::Tensor steps = scale.to(at::kFloat).unsqueeze(-1);
    const at::Tensor offset =
        half_quadratic_offset(wide, steps, low.to(at::kFloat).unsqueeze(-1), kLevels);
    zero = (offset + steps * kMiddle).squeeze(-1);
    scale = scale.to(at::kBFloat16);
    zero = zero.to(at::kBFloat16);
    codes = nearest_codes(wide, scale.to(at::kFloat), zero.to(at::kFloat));
  } else {
    scale = scale.to(at::kBFloat16);
    zero = zero.to(at::kBFloat16);
    codes = nearest_codes(weight, scale, zero);
  }
  if (!at::isfinite(scale).logical_and_(at::isfinite(zero)).all().item<bool>()) {
    throw Error(ErrorCode::kNumerical,
                "NaN, infinity or numbers near the largest of their type cannot be quantised");
  }
  return {codes, scale, zero};
}

class Int4 final : public Format {
 public:
  Int4(std::int64_t group, Int4Method method) : group_(group), method_(method) {}

  std::string name() const override {
    return "int4:" + std::to_string(group_) + (method_ == Int4Method::kHqq ? ":hqq" : ":rtn");
  }

  std::vector<checkpoint::TensorSpec> parts(std::int64_t out, std::int64_t in) const override {
    using checkpoint::DType;
    if (in % 2 != 0) {
      throw Error(ErrorCode::kInvalidArgument,
                  "int4 files need even numbers of inputs, not " + std::to_string(in));
    }
    const std::int64_t groups = layout(out, in).groups();
    return {{"codes", {out, in / 2}, DType::kUInt8},
            {"scale", {out, groups}, DType::kBFloat16},
            {"zero", {out, groups}, DType::kBFloat16}};
  }

  std::int64_t inputs(const Parts& parts) const override { return 2 * parts[0].size(1); }

  Parts quantize(const at::Tensor& weight) const override {
    const std::int64_t n = weight.size(0);
    const std::int64_t in = weight.size(1);
    const std::int64_t whole = in / group_ * group_;
    std::vector<at::Tensor> codes, scales, zeros;
    const auto add = [&](std::int64_t first, std::int64_t count, std::int64_t group) {
      if (count == 0) return;
      const at::Tensor grouped = weight.narrow(1, first, count).unflatten(1, {-1, group});
      Group quantized = quantize_groups(grouped, method_);
      codes.push_back(quantized.codes.flatten(1));
      scales.push_back(quantized.scale);
      zeros.push_back(quantized.zero);
    };
    add(0, whole, group_);
    add(whole, in - whole, in - whole);  // the shorter group at the end
    if (in % 2 == 1) codes.push_back(at::zeros({n, 1}, at::kByte));
    const at::Tensor pairs = at::cat(codes, 1).unflatten(1, {-1, 2});  // [n, (in + 1) / 2, 2]
    return {pairs.select(2, 0).mul(16).add_(pairs.select(2, 1)), at::cat(scales, 1),
            at::cat(zeros, 1)};
  }

  at::Tensor dequantize(const Parts& parts, std::int64_t in) const override {
    const at::Tensor codes = at::stack({at::floor_divide(parts[0], 16), parts[0].remainder(16)}, 2)
                                 .flatten(1)
                                 .narrow(1, 0, in);
    const auto per_input = [&](const at::Tensor& values) {
      return values.to(at::kFloat).repeat_interleave(group_, 1).narrow(1, 0, in);
    };
    return (codes.to(at::kFloat) - kMiddle) * per_input(parts[1]) + per_input(parts[2]);
  }

  kernels::PackedLayout layout(std::int64_t out, std::int64_t in) const override {
    return {kernels::Codes::kInt4, out, in, group_};
  }

  kernels::PlainCodes plain(const Parts& parts) const override {
    kernels::PlainCodes codes;
    codes.outputs = parts[0].size(0);
    codes.codes = parts[0].const_data_ptr();
    codes.scale = static_cast<const std::uint16_t*>(parts[1].const_data_ptr());
    codes.zero = static_cast<const std::uint16_t*>(parts[2].const_data_ptr());
    return codes;
  }

 private:
  std::int64_t group_;
  Int4Method method_;
};

}  // namespace

std::unique_ptr<Format> int4_format(std::int64_t group, Int4Method method) {
  return std::make_unique<Int4>(group, method);
}

}  // namespace lumina::quant
