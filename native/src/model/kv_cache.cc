#include "model/kv_cache.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <string>

#include "lumina/status.h"

namespace lumina::model {
namespace {

// Uninitialised on purpose: the system hands out pages as positions fill.
at::Tensor allocate(at::IntArrayRef shape, at::ScalarType dtype) {
  try {
    return at::empty(shape, dtype);
  } catch (const c10::Error&) {
    const std::int64_t bytes = c10::multiply_integers(shape) * c10::elementSize(dtype);
    throw Error(ErrorCode::kOutOfMemory,
                "not enough memory for the key/value cache: two buffers of " +
                    std::to_string(bytes >> 20) + " MiB are needed");
  }
}

}  // namespace

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
  return 2 * config.num_hidden_layers * rows * config.num_key_value_heads * capacity *
         config.head_dim() * static_cast<std::int64_t>(c10::elementSize(dtype));
}

void KvCache::reserve(std::int64_t capacity) {
  if (capacity <= this->capacity()) return;
  const std::int64_t used = *std::max_element(lengths_.begin(), lengths_.end());
  std::vector<std::int64_t> shape = keys_.sizes().vec();
  shape[3] = capacity;
  for (at::Tensor* buffer : {&keys_, &values_}) {
    at::Tensor larger = allocate(shape, buffer->scalar_type());
    larger.narrow(3, 0, used).copy_(buffer->narrow(3, 0, used));
    *buffer = larger;
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

void KvCache::store(std::int64_t layer, int row, std::int64_t position, const at::Tensor& keys,
                    const at::Tensor& values) {
  const std::int64_t count = keys.size(1);
  keys_[layer][row].narrow(1, position, count).copy_(keys);
  values_[layer][row].narrow(1, position, count).copy_(values);
}

void KvCache::extend(int row, std::int64_t count) { lengths_.at(row) += count; }

at::Tensor KvCache::keys(std::int64_t layer, int row, std::int64_t length) const {
  return keys_[layer][row].narrow(1, 0, length);
}

at::Tensor KvCache::values(std::int64_t layer, int row, std::int64_t length) const {
  return values_[layer][row].narrow(1, 0, length);
}

}  // namespace lumina::model
