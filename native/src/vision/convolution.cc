#include "vision/convolution.h"

#include <ATen/ATen.h>

#include "device/blas_threads.h"
#include "device/products.h"
#include "vision/banded_convolution.h"
#include "vision/winograd.h"

namespace lumina::vision {

Convolution::Convolution(const WeightReader& reader, const std::string& name, std::int64_t stride,
                         std::int64_t padding, Filtering filtering)
    : weight_(reader.read(name + ".weight")),
      bias_(reader.read(name + ".bias")),
      stride_(stride),
      padding_(padding),
      filtering_(filtering) {}

at::Tensor Convolution::operator()(const at::Tensor& input) const {
  if (filtering_ == Filtering::kMinimal && suits_winograd(input, weight_)) {
    return winograd_convolution(input, weight_, bias_);
  }
  if (stride_ == 1 && suits_bands(input, weight_)) {
    return banded_convolution(input, weight_, bias_, padding_);
  }
  const device::SingleThreadedBlas single;  // of which ATen makes the convolutions of small maps
  return at::conv2d(input, weight_, bias_, stride_, padding_)
      .contiguous(at::MemoryFormat::ChannelsLast);
}

Pointwise::Pointwise(const WeightReader& reader, const std::string& name, bool wide) {
  weight_ = wide ? reader.read_wide(name + ".weight") : reader.read(name + ".weight");
  weight_ = weight_.flatten(1);
  bias_ = wide ? reader.read_wide(name + ".bias") : reader.read(name + ".bias");
}

at::Tensor Pointwise::operator()(const at::Tensor& input) const {
  return device::linear(input, weight_, bias_);
}

}  // namespace lumina::vision
