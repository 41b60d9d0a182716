// Pictures to train an image tokenizer on: safetensors files with `pixels` uint8 [n, H, W, 3] and
// in their metadata `panels`: 2 if upper and lower half are encoded apart and decoded together, as
// generation with a given half does.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace lumina::training {

class PixelRecords {
 public:
  // Maps a file, or a folder's files `pixels-*.safetensors` in order of name. Throws
  // Error(kCheckpoint) if one is none of this kind, pictures differ in size or panels, or a panel
  // is not a multiple of 8 high and wide.
  explicit PixelRecords(const std::string& path);

  std::int64_t count() const { return static_cast<std::int64_t>(pictures_.size()); }
  std::int64_t height() const { return height_; }
  std::int64_t width() const { return width_; }
  int panels() const { return panels_; }

  // The pictures at `indices` as network input [B, 3, H, W] fp32 in [-1, 1].
  at::Tensor batch(const std::vector<std::int64_t>& indices) const;

 private:
  void add_file(const std::string& path);

  std::vector<const std::uint8_t*> pictures_;        // [H, W, 3] each
  std::vector<std::shared_ptr<const void>> owners_;  // of what `pictures_` points into
  std::int64_t height_ = 0;
  std::int64_t width_ = 0;
  int panels_ = 0;
};

}  // namespace lumina::training
