#include "model/static_memory.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>
#include <utility>

#include "device/blas_threads.h"
#include "device/cuda.h"

namespace lumina::model {
namespace {

// New heads [R, heads, W, ..] to `positions` [R, W] of a buffer [rows, heads, capacity, ..].
void scatter(const at::Tensor& buffer, const at::Tensor& positions, const at::Tensor& fresh) {
  at::Tensor index = positions.unsqueeze(1);
  if (fresh.dim() == 4) index = index.unsqueeze(3);
  buffer.narrow(0, 0, positions.size(0)).scatter_(2, index.expand(fresh.sizes()), fresh);
}

void put(const CachedHeads& buffer, const at::Tensor& positions, const at::Tensor& fresh) {
  if (!buffer.scale.defined()) {
    scatter(buffer.values, positions, fresh.to(buffer.values.scalar_type()));
    return;
  }
  const CachedHeads rounded = round_plain(fresh);
  scatter(buffer.values, positions, rounded.values);
  scatter(buffer.scale, positions, rounded.scale);
}

CachedHeads first_rows(const CachedHeads& buffer, std::int64_t rows) {
  return {buffer.values.narrow(0, 0, rows),
          buffer.scale.defined() ? buffer.scale.narrow(0, 0, rows) : at::Tensor()};
}

}  // namespace

at::Tensor attend_at_plain(const at::Tensor& q, const CachedHeads& keys, const CachedHeads& values,
                           const at::Tensor& positions) {
  const device::SingleThreadedBlas single;
  const std::int64_t groups = keys.values.size(1), capacity = keys.values.size(2);
  const at::Tensor places = at::arange(capacity, positions.options());
  const at::Tensor unused = places > positions.amax(1, /*keepdim=*/true);  // [R, capacity]
  const at::Tensor later = places > positions.unsqueeze(-1);               // [R, W, capacity]
  const auto numbers = [&](const CachedHeads& heads) {
    at::Tensor wide = heads.values.to(at::kFloat);
    if (heads.scale.defined()) wide = wide * heads.scale.unsqueeze(-1);
    wide = wide.masked_fill(unused.unsqueeze(1).unsqueeze(-1), 0.0);
    return wide.unsqueeze(2);  // [R, groups, 1, capacity, d]
  };
  const at::Tensor queries = q.to(at::kFloat).unflatten(1, {groups, -1});
  const double scale = 1.0 / std::sqrt(static_cast<double>(q.size(-1)));
  at::Tensor scores = at::matmul(queries, numbers(keys).transpose(-1, -2)).mul_(scale);
  scores.masked_fill_(later.unsqueeze(1).unsqueeze(1), -std::numeric_limits<double>::infinity());
  return at::matmul(at::softmax(scores, -1), numbers(values)).flatten(1, 2).to(q.scalar_type());
}

at::Tensor attend_at(const at::Tensor& q, const CachedHeads& keys, const CachedHeads& values,
                     const at::Tensor& positions) {
  if (q.is_cuda() && device::cuda::suits_attention(q, keys.values)) {
    return device::cuda::attend(q, keys.values, keys.scale, values.values, values.scale, positions);
  }
  return attend_at_plain(q, keys, values, positions);
}

StaticMemory::StaticMemory(KvCache& cache, at::Tensor positions)
    : cache_(cache), positions_(std::move(positions)) {}

at::Tensor StaticMemory::attend(std::int64_t layer, const at::Tensor& q, const at::Tensor& k,
                                const at::Tensor& v) {
  const CachedHeads keys = cache_.all_keys(layer), values = cache_.all_values(layer);
  put(keys, positions_, k);
  put(values, positions_, v);
  const std::int64_t rows = positions_.size(0);
  return attend_at(q, first_rows(keys, rows), first_rows(values, rows), positions_);
}

}  // namespace lumina::model
