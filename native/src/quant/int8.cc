#include "quant/int8.h"

#include <ATen/ATen.h>

#include <limits>

#include "lumina/status.h"

namespace lumina::quant {
namespace {

constexpr int kMost = 127;
constexpr std::int64_t kActivationGroup = 128;

class Int8 final : public Format {
 public:
  std::string name() const override { return "int8"; }

  std::vector<checkpoint::TensorSpec> parts(std::int64_t out, std::int64_t in) const override {
    using checkpoint::DType;
    return {{"codes", {out, in}, DType::kInt8}, {"scale", {out}, DType::kFloat32}};
  }

  std::int64_t inputs(const Parts& parts) const override { return parts[0].size(1); }

  Parts quantize(const at::Tensor& weight) const override {
    const at::Tensor wide = weight.to(at::kFloat);
    const at::Tensor most = wide.abs().amax(1);
    if (!at::isfinite(most).all().item<bool>()) {
      throw Error(ErrorCode::kNumerical, "NaN and infinity cannot be quantised");
    }
    // The bound keeps the quotients of an output that is all zeros defined.
    const at::Tensor scale = (most / kMost).clamp_min_(std::numeric_limits<float>::min());
    const at::Tensor codes = at::round(wide / scale.unsqueeze(1)).clamp_(-kMost, kMost);
    return {codes.to(at::kChar), scale};
  }

  at::Tensor dequantize(const Parts& parts, std::int64_t in) const override {
    return parts[0].to(at::kFloat) * parts[1].unsqueeze(1);
  }

  kernels::PackedLayout layout(std::int64_t out, std::int64_t in) const override {
    return {kernels::Codes::kInt8, out, in, kActivationGroup};
  }

  kernels::PlainCodes plain(const Parts& parts) const override {
    kernels::PlainCodes codes;
    codes.outputs = parts[0].size(0);
    codes.codes = parts[0].const_data_ptr();
    codes.channel_scale = parts[1].const_data_ptr<float>();
    return codes;
  }
};

}  // namespace

std::unique_ptr<Format> int8_format() { return std::make_unique<Int8>(); }

}  // namespace lumina::quant
