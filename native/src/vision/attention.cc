#include "vision/attention.h"

#include <ATen/ATen.h>

#include "device/products.h"

namespace lumina::vision {

at::Tensor blocked_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                             std::int64_t query_block) {
  const std::int64_t queries = q.size(0);
  const double scale = 1.0 / std::sqrt(static_cast<double>(q.size(1)));
  const at::Tensor channels = v.t();  // [C, N]
  at::Tensor out = at::empty_like(q);
  for (std::int64_t begin = 0; begin < queries; begin += query_block) {
    const std::int64_t rows = std::min(query_block, queries - begin);
    const at::Tensor logits = device::linear(q.narrow(0, begin, rows), k).mul_(scale);  // [rows, N]
    out.narrow(0, begin, rows).copy_(device::linear(at::softmax(logits, 1), channels));
  }
  return out;
}

AttentionBlock::AttentionBlock(const WeightReader& reader, const std::string& name,
                               bool conditional)
    : name_(name),
      norm_(reader, name + ".norm", conditional),
      query_(reader, name + ".q"),
      key_(reader, name + ".k"),
      value_(reader, name + ".v"),
      projection_(reader, name + ".proj_out") {}

at::Tensor AttentionBlock::operator()(at::Tensor x, const at::Tensor& latent,
                                      const Tap& tap) const {
  // Logits and softmax are computed in at least float32 whatever the type of x.
  const at::ScalarType wide = x.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
  const at::Tensor normed = norm_(x, latent, Activation::kNone, tap).permute({0, 2, 3, 1});
  for (std::int64_t b = 0; b < x.size(0); ++b) {
    const at::Tensor pixels = normed[b].view({-1, x.size(1)});  // [N, C], row-major pixels
    const at::Tensor o =
        blocked_attention(query_(pixels).to(wide), key_(pixels).to(wide), value_(pixels).to(wide));
    x[b].permute({1, 2, 0}).view({-1, x.size(1)}).add_(projection_(o.to(x.scalar_type())));
  }
  tap(name_, x);
  return x;
}

}  // namespace lumina::vision
