// A decode step without a decision of the host: one forward pass over windows of fixed size, the
// draw of every place they tell about, and what of it stays, all on tensors that are taken once. So
// it can be captured as a CUDA graph; on CPU tensors it is the same work, operation by operation.
//
// Noise belongs to the place, as in the modes sequential and gum: a window of one token is
// sequential decoding; a longer one accepts guesses as long as they are what the place draws, which
// gives the same picture in fewer passes.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "decoding/place_sampler.h"
#include "lumina/types.h"
#include "model/static_memory.h"
#include "model/transformer.h"
#include "sampling/chain.h"
#include "sampling/picture_layout.h"

namespace lumina::decoding {

class StaticStep {
 public:
  // A picture and how far it is.
  struct Side {
    std::uint64_t seed = 0;
    std::vector<std::int32_t> window;   // tokens that its first pass feeds: [window]
    std::vector<std::int64_t> lengths;  // of its rows in the cache, given body tokens included
  };
  struct Setup {
    sampling::PictureLayout layout;
    TokenIds ids;
    sampling::CodeRange codes;
    sampling::Settings settings;  // of all pictures, but for the seed
    std::int64_t given = 0;       // body tokens that exist
    std::int64_t stop = 0;        // places before this one alone are drawn
    int window = 1;
    std::vector<Side> sides;  // their rows follow each other in the cache
  };

  // Passes that records() can hold; after as many the host has to look.
  static constexpr int kRecords = 8;

  // `model` and `cache` must outlive the step; the cache has room for the window behind the body.
  // `scale` gives the guidance of a body place.
  StaticStep(const model::Transformer& model, model::KvCache& cache, const Setup& setup,
             const PlaceSampler& sampler);

  // Where it was at the beginning. What the cache holds of the body may differ.
  void reset();
  // One pass. Waits for nothing, and reads and writes the same tensors each time.
  void operator()();

  // Per pass since reset(), modulo kRecords: the last place of each picture that is final,
  // [kRecords, P] int64.
  const at::Tensor& records() const { return records_; }
  // tokens()[p][place + 1] is the token at a place, final or guessed: [P, body + window + 1] int64.
  const at::Tensor& tokens() const { return tokens_; }
  // [1] bool: whether a logit was NaN or infinite.
  const at::Tensor& broken() const { return broken_; }

 private:
  at::Tensor to_rows(const at::Tensor& sides) const;
  model::Rotation rotation() const;
  at::Tensor guided(const at::Tensor& logits, const at::Tensor& places) const;
  at::Tensor scores_of(const at::Tensor& guided) const;
  at::Tensor drawn(const at::Tensor& scores, const at::Tensor& places, const at::Tensor& noise);

  const model::Transformer& model_;
  sampling::CodeRange codes_;
  double temperature_;
  std::int64_t top_k_;
  std::int64_t last_;  // place before stop
  std::int64_t window_;
  std::int64_t sides_;  // pictures, P
  std::int64_t each_;   // rows of a picture

  // On the model's device.
  at::Tensor seeds_;                  // [P] int64
  at::Tensor base_;                   // [R, 1] int64: cache position of place 0
  at::Tensor offsets_;                // [W] int64: 0, 1, ..
  at::Tensor scale_;                  // [places] fp32: guidance, by place
  at::Tensor forced_;                 // [places] bool: written, not drawn
  at::Tensor cos_, sin_;              // [positions, d / 2]
  at::Tensor first_tokens_, tokens_;  // [P, places + 1] int64
  at::Tensor first_places_, first_;   // [P] int64: the place that the next pass feeds first
  at::Tensor positions_;              // [R, W] int64
  at::Tensor noise_;                  // [P, W, C] fp64
  at::Tensor more_noise_;             // [P, W - 1, C] fp64
  at::Tensor pass_;                   // [1] int64
  at::Tensor records_;
  at::Tensor broken_;
  model::StaticMemory memory_;
};

}  // namespace lumina::decoding
