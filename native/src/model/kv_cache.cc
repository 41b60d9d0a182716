#include "model/kv_cache.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "lumina/status.h"

namespace lumina::model {
namespace {

constexpr float kLargest = 127.0f;

std::int64_t scale_bytes(at::ScalarType dtype) {
  return dtype == at::kChar ? static_cast<std::int64_t>(sizeof(float)) : 0;
}

}  // namespace

CachedHeads round_heads(const at::Tensor& numbers) {
  const at::Tensor wide = numbers.to(at::kFloat).contiguous();
  CachedHeads rounded(at::empty(wide.sizes(), at::kChar),
                      at::empty({wide.size(0), wide.size(1)}, at::kFloat));
  const std::int64_t d = wide.size(2);
  const float* from = wide.const_data_ptr<float>();
  auto* to = rounded.values.data_ptr<std::int8_t>();
  auto* scale = rounded.scale.data_ptr<float>();
  for (std::int64_t i = 0; i < wide.size(0) * wide.size(1); ++i, from += d, to += d) {
    float most = 0.0f;
    float sum = 0.0f;  // not finite if one of them is not
    for (std::int64_t c = 0; c < d; ++c) {
      most = std::max(most, std::abs(from[c]));
      sum += from[c] * 0.0f;
    }
    if (!std::isfinite(sum)) {
      scale[i] = std::numeric_limits<float>::quiet_NaN();
      std::fill(to, to + d, std::int8_t{0});
      continue;
    }
    scale[i] = most / kLargest;
    const float factor = most > 0.0f ? kLargest / most : 0.0f;
    for (std::int64_t c = 0; c < d; ++c) {
      to[c] = static_cast<std::int8_t>(std::nearbyint(from[c] * factor));
    }
  }
  return rounded;
}

// Uninitialised on purpose: the system hands out pages as positions fill.
KvCache::Buffer KvCache::allocate(std::vector<std::int64_t> shape, at::ScalarType dtype) {
  const std::int64_t numbers = c10::multiply_integers(shape);
  try {
    Buffer buffer;
    buffer.numbers = at::empty(shape, dtype);
    shape.pop_back();
    if (dtype == at::kChar) buffer.scale = at::empty(shape, at::kFloat);
    return buffer;
  } catch (const c10::Error&) {
    const std::int64_t bytes = numbers * static_cast<std::int64_t>(c10::elementSize(dtype));
    throw Error(ErrorCode::kOutOfMemory,
                "not enough memory for the key/value cache: two buffers of " +
                    std::to_string(bytes >> 20) + " MiB are needed");
  }
}

KvCache::KvCache(const checkpoint::ModelConfig& config, int rows, std::int64_t capacity,
                 at::ScalarType dtype)
    : lengths_(rows, 0) {
  const std::vector<std::int64_t> shape = {config.num_hidden_layers, rows,
                                           config.num_key_value_heads, capacity, config.head_dim()};
  keys_ = allocate(shape, dtype);
  values_ = allocate(shape, dtype);
}

std::int64_t KvCache::bytes(const checkpoint::ModelConfig& config, int rows, std::int64_t capacity,
                            at::ScalarType dtype) {
  const auto element = static_cast<std::int64_t>(c10::elementSize(dtype));
  return 2 * config.num_hidden_layers * rows * config.num_key_value_heads * capacity *
         (config.head_dim() * element + scale_bytes(dtype));
}

void KvCache::reserve(std::int64_t capacity) {
  if (capacity <= this->capacity()) return;
  const std::int64_t used = *std::max_element(lengths_.begin(), lengths_.end());
  std::vector<std::int64_t> shape = keys_.numbers.sizes().vec();
  shape[3] = capacity;
  for (Buffer* buffer : {&keys_, &values_}) {
    Buffer larger = allocate(shape, buffer->numbers.scalar_type());
    larger.numbers.narrow(3, 0, used).copy_(buffer->numbers.narrow(3, 0, used));
    if (larger.scale.defined()) {
      larger.scale.narrow(3, 0, used).copy_(buffer->scale.narrow(3, 0, used));
    }
    *buffer = std::move(larger);
  }
}

void KvCache::truncate(int row, std::int64_t length) {
  if (length < 0 || length > lengths_.at(row)) {
    throw Error(ErrorCode::kInternal, "cannot cut cache row " + std::to_string(row) +
                                          " of length " + std::to_string(lengths_[row]) + " to " +
                                          std::to_string(length));
  }
  lengths_[row] = length;
}

void KvCache::clear() { std::fill(lengths_.begin(), lengths_.end(), 0); }

void KvCache::store(const Buffer& buffer, std::int64_t layer, int row, std::int64_t position,
                    const at::Tensor& numbers) {
  const std::int64_t count = numbers.size(1);
  const at::Tensor place = buffer.numbers[layer][row].narrow(1, position, count);
  if (!buffer.scale.defined()) {
    place.copy_(numbers);
    return;
  }
  const CachedHeads rounded = round_heads(numbers);
  place.copy_(rounded.values);
  buffer.scale[layer][row].narrow(1, position, count).copy_(rounded.scale);
}

void KvCache::store(std::int64_t layer, int row, std::int64_t position, const at::Tensor& keys,
                    const at::Tensor& values) {
  store(keys_, layer, row, position, keys);
  store(values_, layer, row, position, values);
}

void KvCache::extend(int row, std::int64_t count) { lengths_.at(row) += count; }

CachedHeads KvCache::view(const Buffer& buffer, std::int64_t layer, int row, std::int64_t length) {
  return {buffer.numbers[layer][row].narrow(1, 0, length),
          buffer.scale.defined() ? buffer.scale[layer][row].narrow(1, 0, length) : at::Tensor()};
}

CachedHeads KvCache::keys(std::int64_t layer, int row, std::int64_t length) const {
  return view(keys_, layer, row, length);
}

CachedHeads KvCache::values(std::int64_t layer, int row, std::int64_t length) const {
  return view(values_, layer, row, length);
}

}  // namespace lumina::model
