// A tiny autoregressive model without a transformer, for tests of the decode loops.
#pragma once

#include <cstdint>
#include <vector>

#include "decoding/draft_window.h"
#include "support/plain_window_model.h"

namespace lumina::testing {

// The logits behind a token depend on it and on the two tokens before it, newlines included, by a
// hash. Keeps what it was fed as a cache does, so that a wrong roll-back shows in the codes.
class StandInModel : public WindowModel {
 public:
  struct Shape {
    int codes = 4;
    double spread = 2.5;  // logits lie in 0 .. spread
    bool guided = false;  // a second row
    int context = 3;      // tokens that matter; 0: every place has the same law
    std::uint64_t salt = 0;
  };

  explicit StandInModel(const Shape& shape);

  // Begins a picture: `tokens` are the one in front of the body and the body tokens that exist.
  void begin(std::vector<std::int32_t> tokens);

  decoding::WindowLogits feed(std::int64_t first, const std::vector<std::int32_t>& tokens) override;
  // The logits behind the last of `tokens`, [1, codes].
  decoding::WindowLogits behind(const std::vector<std::int32_t>& tokens);

  // Token of every place from -1 on that was fed last.
  const std::vector<std::int32_t>& cache() const { return cache_; }
  std::int64_t passes() const { return passes_; }

 private:
  void compute(std::size_t length, float* conditional, float* unconditional) const;
  decoding::WindowLogits result() const;

  Shape shape_;
  std::vector<std::int32_t> cache_;
  std::vector<float> conditional_;
  std::vector<float> unconditional_;
  std::int64_t passes_ = 0;
};

}  // namespace lumina::testing
