#include "vision/pixels.h"

#include <ATen/ATen.h>

#include <array>
#include <cstring>

#include "lumina/status.h"
#include "vision/weight_reader.h"

namespace lumina::vision {
namespace {

std::array<float, 256> byte_values() {
  std::array<float, 256> values;
  for (int p = 0; p < 256; ++p) {
    values[p] = static_cast<float>(static_cast<double>(p) / 255.0 * 2.0 - 1.0);
  }
  return values;
}

}  // namespace

at::Tensor pixels_to_tensor(const Image& image) {
  const std::int64_t count = std::int64_t{image.width} * image.height;
  if (image.width < 1 || image.height < 1 ||
      image.pixels.size() != static_cast<std::size_t>(count) * 3) {
    throw Error(ErrorCode::kInvalidArgument, "a picture of " + std::to_string(image.width) + " x " +
                                                 std::to_string(image.height) + " cannot have " +
                                                 std::to_string(image.pixels.size()) + " bytes");
  }
  static const std::array<float, 256> values = byte_values();
  at::Tensor tensor = at::empty({1, 3, image.height, image.width}, at::kFloat);
  float* planes = tensor.data_ptr<float>();
  for (std::int64_t i = 0; i < count; ++i) {
    for (std::int64_t c = 0; c < 3; ++c) planes[c * count + i] = values[image.pixels[i * 3 + c]];
  }
  return tensor;
}

Image tensor_to_pixels(const at::Tensor& tensor) {
  const std::int64_t dims = tensor.dim();
  if ((dims != 3 && dims != 4) || (dims == 4 && tensor.size(0) != 1) ||
      tensor.size(dims - 3) != 3 || tensor.numel() == 0) {
    throw Error(ErrorCode::kInternal, "a picture tensor must be [3, height, width], got " +
                                          checkpoint::shape_text(tensor.sizes().vec()));
  }
  const at::Tensor planes = tensor.reshape({3, tensor.size(dims - 2), tensor.size(dims - 1)});
  const at::Tensor wide = planes.scalar_type() == at::kDouble ? planes : planes.to(at::kFloat);
  if (!all_finite(wide)) {
    throw Error(ErrorCode::kNumerical, "the picture has a value that is not finite");
  }
  // round is half to even; it comes before the clamp, and the clamp before the cast, which would
  // wrap.
  const at::Tensor bytes =
      ((wide + 1) * 127.5).round_().clamp_(0, 255).to(at::kByte).permute({1, 2, 0}).contiguous();
  Image image;
  image.width = static_cast<int>(planes.size(2));
  image.height = static_cast<int>(planes.size(1));
  image.set_pixels(bytes.data_ptr<std::uint8_t>(), static_cast<std::size_t>(bytes.numel()));
  return image;
}

}  // namespace lumina::vision
