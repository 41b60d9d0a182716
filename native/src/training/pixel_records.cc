#include "training/pixel_records.h"

#include <ATen/ATen.h>

#include "checkpoint/safetensors.h"
#include "lumina/status.h"

namespace lumina::training {

PixelRecords::PixelRecords(const std::string& path) {
  const auto file = checkpoint::MappedFile::open(path);
  const auto fail = [&](const std::string& reason) {
    throw Error(ErrorCode::kCheckpoint, path + ": " + reason);
  };
  const auto tensors = checkpoint::read_safetensors(file);
  const auto found = tensors.find("pixels");
  if (found == tensors.end()) fail("no pixel records: no tensor `pixels`");
  pixels_ = found->second;
  const auto& shape = pixels_.shape;
  if (pixels_.dtype != checkpoint::DType::kUInt8 || shape.size() != 4 || shape[3] != 3) {
    fail("`pixels` must be U8 [n, height, width, 3], got " + checkpoint::shape_text(shape));
  }
  const auto metadata = checkpoint::read_safetensors_metadata(file);
  const auto panels = metadata.find("panels");
  if (panels != metadata.end()) {
    if (panels->second != "1" && panels->second != "2") fail("`panels` must be 1 or 2");
    panels_ = panels->second == "2" ? 2 : 1;
  }
  if (shape[0] < 1) fail("holds no picture");
  if (shape[1] < 8 * panels_ || shape[1] % (8 * panels_) != 0 || shape[2] < 8 || shape[2] % 8 != 0) {
    fail("every panel must be a multiple of 8 pixels high and wide, pictures are " +
         checkpoint::shape_text({shape[1], shape[2]}));
  }
}

at::Tensor PixelRecords::batch(const std::vector<std::int64_t>& indices) const {
  const std::int64_t bytes = height() * width() * 3;
  at::Tensor pixels =
      at::empty({static_cast<std::int64_t>(indices.size()), height(), width(), 3}, at::kByte);
  auto* to = pixels.data_ptr<std::uint8_t>();
  const auto* from = static_cast<const std::uint8_t*>(pixels_.data);
  for (const std::int64_t index : indices) {
    to = std::copy_n(from + index * bytes, bytes, to);
  }
  return pixels.permute({0, 3, 1, 2}).to(at::kFloat).div_(127.5).sub_(1.0);
}

}  // namespace lumina::training
