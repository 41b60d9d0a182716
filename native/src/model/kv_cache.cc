#include "model/kv_cache.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/util/BFloat16.h>

#include <algorithm>
#include <string>
#include <type_traits>
#include <utility>

#include "kernels/cpu/activations.h"
#include "lumina/status.h"

namespace lumina::model {
namespace {

// Numbers that a thread should at least have to pass, for its start to be worth while.
constexpr std::int64_t kNumbersPerThread = 1 << 15;

// write(from, to, scale) for every head and position of `numbers` [heads, T, d], whose positions
// are dense.
template <typename From, typename To, typename Write>
void each_head(const at::Tensor& numbers, const CachedHeads& place, const Write& write) {
  const std::int64_t heads = numbers.size(0), count = numbers.size(1), d = numbers.size(2);
  const auto* from = numbers.const_data_ptr<From>();
  auto* to = place.values.data_ptr<To>();
  float* scale = place.scale.defined() ? place.scale.data_ptr<float>() : nullptr;
  const std::int64_t from_head = numbers.stride(0), from_position = numbers.stride(1);
  const std::int64_t to_head = place.values.stride(0), to_position = place.values.stride(1);
  const std::int64_t scale_head = scale == nullptr ? 0 : place.scale.stride(0);
  at::parallel_for(
      0, heads, kNumbersPerThread / (count * d) + 1, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t head = first; head < last; ++head) {
          for (std::int64_t t = 0; t < count; ++t) {
            write(from + head * from_head + t * from_position,
                  to + head * to_head + t * to_position, scale + head * scale_head + t);
          }
        }
      });
}

template <typename From>
void round_all(const at::Tensor& numbers, const CachedHeads& place) {
  const std::int64_t d = numbers.size(2);
  each_head<From, std::int8_t>(numbers, place,
                               [d](const From* from, std::int8_t* to, float* scale) {
                                 if constexpr (std::is_same_v<From, c10::BFloat16>) {
                                   kernels::round_numbers(&from->x, d, to, scale);
                                 } else {
                                   kernels::round_numbers(from, d, to, scale);
                                 }
                               });
}

template <typename T>
void copy_all(const at::Tensor& numbers, const CachedHeads& place) {
  const std::int64_t d = numbers.size(2);
  each_head<T, T>(numbers, place,
                  [d](const T* from, T* to, float*) { std::copy(from, from + d, to); });
}

// Numbers [heads, T, d] into views of that shape.
void write_heads(const at::Tensor& numbers, const CachedHeads& place) {
  if (numbers.numel() == 0) return;
  const at::ScalarType from = numbers.scalar_type();
  const bool direct = numbers.is_cpu() && numbers.stride(2) == 1;
  if (place.scale.defined() && !place.values.is_cpu()) {
    const CachedHeads rounded = round_plain(numbers);
    place.values.copy_(rounded.values);
    place.scale.copy_(rounded.scale);
    return;
  }
  if (place.scale.defined()) {
    if (direct && from == at::kBFloat16) return round_all<c10::BFloat16>(numbers, place);
    return round_all<float>(numbers.to(at::kFloat).contiguous(), place);
  }
  const bool same = direct && from == place.values.scalar_type();
  if (same && from == at::kBFloat16) return copy_all<c10::BFloat16>(numbers, place);
  if (same && from == at::kFloat) return copy_all<float>(numbers, place);
  place.values.copy_(numbers);
}

std::int64_t scale_bytes(at::ScalarType dtype) {
  return dtype == at::kChar ? static_cast<std::int64_t>(sizeof(float)) : 0;
}

}  // namespace

CachedHeads round_plain(const at::Tensor& numbers) {
  const at::Tensor wide = numbers.to(at::kFloat);
  const at::Tensor scale = wide.abs().amax(-1) / 127.0;
  const at::Tensor steps = at::where(scale == 0.0, at::ones_like(scale), scale).unsqueeze(-1);
  return {at::round(wide / steps).clamp_(-127.0, 127.0).to(at::kChar), scale};
}

CachedHeads round_heads(const at::Tensor& numbers) {
  CachedHeads rounded(at::empty(numbers.sizes(), at::kChar),
                      at::empty({numbers.size(0), numbers.size(1)}, at::kFloat));
  write_heads(numbers, rounded);
  return rounded;
}

// Uninitialised on purpose: the system hands out pages as positions fill.
KvCache::Buffer KvCache::allocate(std::vector<std::int64_t> shape, at::ScalarType dtype,
                                  at::Device device) {
  const std::int64_t numbers = c10::multiply_integers(shape);
  try {
    Buffer buffer;
    buffer.numbers = at::empty(shape, at::TensorOptions(device).dtype(dtype));
    shape.pop_back();
    if (dtype == at::kChar) {
      buffer.scale = at::empty(shape, at::TensorOptions(device).dtype(at::kFloat));
    }
    return buffer;
  } catch (const c10::Error&) {
    const std::int64_t bytes = numbers * static_cast<std::int64_t>(c10::elementSize(dtype));
    throw Error(ErrorCode::kOutOfMemory,
                "not enough memory for the key/value cache: two buffers of " +
                    std::to_string(bytes >> 20) + " MiB are needed");
  }
}

KvCache::KvCache(const checkpoint::ModelConfig& config, int rows, std::int64_t capacity,
                 at::ScalarType dtype, at::Device device)
    : lengths_(rows, 0) {
  const std::vector<std::int64_t> shape = {config.num_hidden_layers, rows,
                                           config.num_key_value_heads, capacity, config.head_dim()};
  keys_ = allocate(shape, dtype, device);
  values_ = allocate(shape, dtype, device);
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
    Buffer larger = allocate(shape, buffer->numbers.scalar_type(), buffer->numbers.device());
    larger.numbers.narrow(3, 0, used).copy_(buffer->numbers.narrow(3, 0, used));
    if (larger.scale.defined()) {
      larger.scale.narrow(3, 0, used).copy_(buffer->scale.narrow(3, 0, used));
    }
    *buffer = std::move(larger);
  }
}

CachedHeads KvCache::whole(const Buffer& buffer, std::int64_t layer) {
  return {buffer.numbers.select(0, layer),
          buffer.scale.defined() ? buffer.scale.select(0, layer) : at::Tensor()};
}

void KvCache::truncate(int row, std::int64_t length) {
  if (length < 0 || length > lengths_.at(row)) {
    throw Error(ErrorCode::kInternal, "cannot cut cache row " + std::to_string(row) +
                                          " of length " + std::to_string(lengths_[row]) + " to " +
                                          std::to_string(length));
  }
  lengths_[row] = length;
}

namespace {

// [layer, row, head, position, ..] at one row and position: [layer, head, 1, ..]
at::Tensor at_position(const at::Tensor& buffer, int row, std::int64_t position) {
  return buffer.select(1, row).narrow(2, position, 1);
}

}  // namespace

KvCache::Position KvCache::copy(int row, std::int64_t position) const {
  const auto part = [&](const at::Tensor& buffer) {
    return buffer.defined() ? at_position(buffer, row, position).clone() : at::Tensor();
  };
  return {part(keys_.numbers), part(keys_.scale), part(values_.numbers), part(values_.scale)};
}

void KvCache::restore(int row, const Position& position) {
  const std::int64_t place = lengths_.at(row);
  const auto put = [&](const at::Tensor& buffer, const at::Tensor& part) {
    if (buffer.defined()) at_position(buffer, row, place).copy_(part);
  };
  put(keys_.numbers, position.keys);
  put(keys_.scale, position.key_scale);
  put(values_.numbers, position.values);
  put(values_.scale, position.value_scale);
  extend(row, 1);
}

void KvCache::copy_row(int from, int to) {
  const std::int64_t length = lengths_.at(from);
  lengths_.at(to) = 0;
  for (const Buffer* buffer : {&keys_, &values_}) {
    for (const at::Tensor& part : {buffer->numbers, buffer->scale}) {
      if (!part.defined()) continue;
      const auto row = [&](int index) { return part.select(1, index).narrow(2, 0, length); };
      row(to).copy_(row(from));  // [layer, head, length, ..]
    }
  }
  lengths_[to] = length;
}

void KvCache::clear() { std::fill(lengths_.begin(), lengths_.end(), 0); }

void KvCache::store(const Buffer& buffer, std::int64_t layer, int row, std::int64_t position,
                    const at::Tensor& numbers) {
  write_heads(numbers, view(buffer, layer, row, position, numbers.size(1)));
}

void KvCache::store(std::int64_t layer, int row, std::int64_t position, const at::Tensor& keys,
                    const at::Tensor& values) {
  store(keys_, layer, row, position, keys);
  store(values_, layer, row, position, values);
}

void KvCache::extend(int row, std::int64_t count) { lengths_.at(row) += count; }

// By strides at once: one view instead of three, many times a step.
CachedHeads KvCache::view(const Buffer& buffer, std::int64_t layer, int row, std::int64_t position,
                          std::int64_t count) {
  const at::Tensor& all = buffer.numbers;
  CachedHeads part(all.as_strided(
      {all.size(2), count, all.size(4)}, {all.stride(2), all.stride(3), all.stride(4)},
      layer * all.stride(0) + row * all.stride(1) + position * all.stride(3)));
  if (buffer.scale.defined()) {
    const at::Tensor& scale = buffer.scale;
    part.scale = scale.as_strided({scale.size(2), count}, {scale.stride(2), scale.stride(3)},
                                  layer * scale.stride(0) + row * scale.stride(1) + position);
  }
  return part;
}

CachedHeads KvCache::keys(std::int64_t layer, int row, std::int64_t length) const {
  return view(keys_, layer, row, 0, length);
}

CachedHeads KvCache::values(std::int64_t layer, int row, std::int64_t length) const {
  return view(values_, layer, row, 0, length);
}

}  // namespace lumina::model
