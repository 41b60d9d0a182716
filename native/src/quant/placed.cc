#include "quant/placed.h"

#include <ATen/ATen.h>

#include <utility>
#include <vector>

#include "quant/dense.h"

namespace lumina::quant {
namespace {

constexpr std::int64_t kInnerTiles = 8;                // of 16 inputs: 16-byte loads
constexpr std::int64_t kInputStep = 16 * kInnerTiles;  // inputs come in whole blocks
constexpr std::int64_t kOutputStep = 8;

// Codes in the layout of aten::_weight_int4pack_mm on CUDA.
class TinygemmWeight final : public Weight {
 public:
  TinygemmWeight(const Parts& parts, std::int64_t in, std::int64_t group, at::Device device)
      : in_(in),
        out_(parts[0].size(0)),
        group_(group),
        packed_(at::_convert_weight_to_int4pack(parts[0].to(device).contiguous(), kInnerTiles)),
        scales_(scales_and_zeros(parts[1].to(device), parts[2].to(device))) {}

  at::Tensor product(const at::Tensor& x, const at::Tensor& bias, std::int64_t first,
                     std::int64_t count) const override {
    const at::Tensor rows = x.reshape({-1, in_}).to(at::kBFloat16).contiguous();
    at::Tensor y = at::_weight_int4pack_mm(rows, packed_, group_, scales_).narrow(1, first, count);
    if (bias.defined()) y = y + bias;
    std::vector<std::int64_t> shape = x.sizes().vec();
    shape.back() = count;
    return y.reshape(shape).to(x.scalar_type());
  }
  std::int64_t in_features() const override { return in_; }
  std::int64_t out_features() const override { return out_; }

 private:
  std::int64_t in_;
  std::int64_t out_;
  std::int64_t group_;
  at::Tensor packed_;  // [out / 8, in / 128, 32, 4] int32
  at::Tensor scales_;  // [groups, out, 2] bf16
};

}  // namespace

at::Tensor scales_and_zeros(const at::Tensor& scale, const at::Tensor& zero) {
  return at::stack({scale, zero}, 2).transpose(0, 1).contiguous();
}

std::shared_ptr<const Weight> place(const Parts& parts, const Format& format, std::int64_t in,
                                    at::Device device, at::ScalarType dtype) {
  const std::int64_t out = parts[0].size(0);
  const kernels::PackedLayout layout = format.layout(out, in);
  const bool suits = device.is_cuda() && layout.codes == kernels::Codes::kInt4 &&
                     in % kInputStep == 0 && in % layout.group == 0 && out % kOutputStep == 0;
  if (suits) return std::make_shared<TinygemmWeight>(parts, in, layout.group, device);
  return std::make_shared<DenseWeight>(
      format.dequantize(parts, in).to(dtype).to(device).contiguous());
}

}  // namespace lumina::quant
