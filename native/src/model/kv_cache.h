// Keys and values of every position seen so far, in buffers that never grow by a step.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "checkpoint/model_config.h"

namespace lumina::model {

// Keys or values of one row and layer as they are stored: [heads, length, d]. 8-bit numbers stand
// for values * scale, with one scale per head and position: fp32 [heads, length]. Undefined else.
struct CachedHeads {
  // NOLINTNEXTLINE(google-explicit-constructor): plain numbers are a way to store them
  CachedHeads(at::Tensor numbers, at::Tensor scales = {})
      : values(std::move(numbers)), scale(std::move(scales)) {}

  at::Tensor values;
  at::Tensor scale;
};

// [heads, T, d] of any floating type as 8-bit numbers -127 .. 127, rounded to the nearest; scale:
// the largest absolute value of each position over 127. A position that holds NaN or infinity is
// NaN as a whole.
CachedHeads round_heads(const at::Tensor& numbers);
// The same of finite numbers [.., d] by ATen, on any device.
CachedHeads round_plain(const at::Tensor& numbers);

// Two buffers [layer, row, head, position, d], allocated once. Keys are stored rotated. Each row
// has its own length; what lies beyond it is garbage that nothing reads, so rolling back is free.
class KvCache {
 public:
  // `dtype` is the model's, or int8. Throws Error(kOutOfMemory) with the size in MiB.
  KvCache(const checkpoint::ModelConfig& config, int rows, std::int64_t capacity,
          at::ScalarType dtype, at::Device device = at::kCPU);

  static std::int64_t bytes(const checkpoint::ModelConfig& config, int rows, std::int64_t capacity,
                            at::ScalarType dtype);

  int rows() const { return static_cast<int>(lengths_.size()); }
  std::int64_t capacity() const { return keys_.numbers.size(3); }
  std::int64_t length(int row) const { return lengths_.at(row); }

  // Makes room for `capacity` positions per row, keeping what is stored; does nothing if there is
  // room.
  void reserve(std::int64_t capacity);
  // Forgets positions from `length` on. Throws Error(kInternal) if the row is shorter.
  void truncate(int row, std::int64_t length);
  void clear();  // all rows to length 0

  // The keys and values of one position in every layer, copied: [layer, head, 1, d] and scales.
  struct Position {
    at::Tensor keys, key_scale, values, value_scale;
  };
  Position copy(int row, std::int64_t position) const;
  // Appends such a position to a row, as it was.
  void restore(int row, const Position& position);

  // Makes row `to` what row `from` is.
  void copy_row(int from, int to);

  // Stores the keys and values [heads, T, d] that follow what the row holds. The row's length
  // changes only with extend(), after the last layer: a pass that fails halfway leaves the cache as
  // it was.
  void store(std::int64_t layer, int row, std::int64_t position, const at::Tensor& keys,
             const at::Tensor& values);
  void extend(int row, std::int64_t count);

  // A layer's whole buffers, whatever of them is used: [row, head, position, d] and their scales.
  CachedHeads all_keys(std::int64_t layer) const { return whole(keys_, layer); }
  CachedHeads all_values(std::int64_t layer) const { return whole(values_, layer); }

  // Views of the first `length` positions.
  CachedHeads keys(std::int64_t layer, int row, std::int64_t length) const;
  CachedHeads values(std::int64_t layer, int row, std::int64_t length) const;

 private:
  struct Buffer {
    at::Tensor numbers;  // [layer, row, head, position, d]
    at::Tensor scale;    // [layer, row, head, position], undefined unless the numbers are 8-bit
  };
  static Buffer allocate(std::vector<std::int64_t> shape, at::ScalarType dtype, at::Device device);
  static CachedHeads whole(const Buffer& buffer, std::int64_t layer);
  static void store(const Buffer& buffer, std::int64_t layer, int row, std::int64_t position,
                    const at::Tensor& numbers);
  static CachedHeads view(const Buffer& buffer, std::int64_t layer, int row, std::int64_t position,
                          std::int64_t count);

  Buffer keys_;
  Buffer values_;
  std::vector<std::int64_t> lengths_;
};

}  // namespace lumina::model
