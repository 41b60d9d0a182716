#include "support/plain_stand_in_model.h"

#include <array>
#include <stdexcept>
#include <utility>

#include "sampling/noise.h"

namespace lumina::testing {

StandInModel::StandInModel(const Shape& shape) : shape_(shape) {}

void StandInModel::begin(std::vector<std::int32_t> tokens) {
  cache_ = std::move(tokens);
  passes_ = 0;
}

decoding::WindowLogits StandInModel::feed(std::int64_t first,
                                          const std::vector<std::int32_t>& tokens) {
  const auto kept = static_cast<std::size_t>(first + 1);
  if (first < -1 || kept > cache_.size()) throw std::logic_error("places were left out");
  cache_.resize(kept);
  conditional_.resize(tokens.size() * shape_.codes);
  unconditional_.resize(conditional_.size());
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    cache_.push_back(tokens[i]);
    compute(cache_.size(), &conditional_[i * shape_.codes], &unconditional_[i * shape_.codes]);
  }
  ++passes_;
  return result();
}

decoding::WindowLogits StandInModel::behind(const std::vector<std::int32_t>& tokens) {
  cache_ = tokens;
  conditional_.resize(shape_.codes);
  unconditional_.resize(shape_.codes);
  compute(cache_.size(), conditional_.data(), unconditional_.data());
  return result();
}

// The logits behind the first `length` tokens of the cache.
void StandInModel::compute(std::size_t length, float* conditional, float* unconditional) const {
  std::array<std::uint32_t, 4> counter{};
  for (int i = 0; i < shape_.context && static_cast<std::size_t>(i) < length; ++i) {
    counter[i] = static_cast<std::uint32_t>(cache_[length - 1 - i]) + 1;
  }
  for (int code = 0; code < shape_.codes; ++code) {
    counter[3] = static_cast<std::uint32_t>(code);
    const auto words = sampling::philox(counter, shape_.salt);
    const auto logit = [&](std::uint32_t word) {
      return static_cast<float>(shape_.spread * word * 0x1p-32);
    };
    conditional[code] = logit(words[0]);
    unconditional[code] = logit(words[1]);
  }
}

decoding::WindowLogits StandInModel::result() const {
  decoding::WindowLogits logits;
  logits.conditional = conditional_.data();
  if (shape_.guided) logits.unconditional = unconditional_.data();
  return logits;
}

}  // namespace lumina::testing
