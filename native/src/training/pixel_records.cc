#include "training/pixel_records.h"

#include <ATen/ATen.h>

#include "checkpoint/messages.h"
#include "checkpoint/safetensors.h"
#include "training/record_files.h"

namespace lumina::training {

PixelRecords::PixelRecords(const std::string& path) {
  for (const std::string& file : record_files(path, "pixels-")) add_file(file);
  if (pictures_.empty()) checkpoint::fail(path, "holds no picture");
}

void PixelRecords::add_file(const std::string& path) {
  const auto file = checkpoint::MappedFile::open(path);
  const auto tensors = checkpoint::read_safetensors(file);
  const auto found = tensors.find("pixels");
  if (found == tensors.end()) checkpoint::fail(path, "no pixel records: no tensor `pixels`");
  const auto& shape = found->second.shape;
  if (found->second.dtype != checkpoint::DType::kUInt8 || shape.size() != 4 || shape[3] != 3) {
    checkpoint::fail(
        path, "`pixels` must be U8 [n, height, width, 3], got " + checkpoint::shape_text(shape));
  }
  const auto metadata = checkpoint::read_safetensors_metadata(file);
  const auto given = metadata.find("panels");
  if (given != metadata.end() && given->second != "1" && given->second != "2") {
    checkpoint::fail(path, "`panels` must be 1 or 2");
  }
  const int panels = given != metadata.end() && given->second == "2" ? 2 : 1;
  if (shape[1] < 8 * panels || shape[1] % (8 * panels) != 0 || shape[2] < 8 || shape[2] % 8 != 0) {
    checkpoint::fail(path,
                     "every panel must be a multiple of 8 pixels high and wide, pictures are " +
                         checkpoint::shape_text({shape[1], shape[2]}));
  }
  if (panels_ != 0 && (panels != panels_ || shape[1] != height_ || shape[2] != width_)) {
    checkpoint::fail(path, "its pictures are not like those of the files before it");
  }
  panels_ = panels;
  height_ = shape[1];
  width_ = shape[2];
  for (std::int64_t i = 0; i < shape[0]; ++i) {
    pictures_.push_back(static_cast<const std::uint8_t*>(found->second.data) +
                        i * height_ * width_ * 3);
  }
  owners_.push_back(file);
}

at::Tensor PixelRecords::batch(const std::vector<std::int64_t>& indices) const {
  const auto count = static_cast<std::int64_t>(indices.size());
  at::Tensor pixels = at::empty({count, height_, width_, 3}, at::kByte);
  auto* to = pixels.data_ptr<std::uint8_t>();
  for (const std::int64_t index : indices) {
    to = std::copy_n(pictures_[index], height_ * width_ * 3, to);
  }
  return pixels.permute({0, 3, 1, 2}).to(at::kFloat).div_(127.5).sub_(1.0);
}

}  // namespace lumina::training
