// The sampling chain at a place of a picture's body: guidance scale, noise and the step that errors
// name follow from the place alone, so that every strategy draws from the same law there.
#pragma once

#include <cstdint>
#include <vector>

#include "checkpoint/model_config.h"
#include "sampling/chain.h"
#include "sampling/guidance.h"
#include "sampling/law.h"
#include "sampling/picture_layout.h"
#include "sampling/structure.h"

namespace lumina::decoding {

// Logits of the image codes for one place, [count] each.
struct CodeLogits {
  const float* conditional = nullptr;
  const float* unconditional = nullptr;  // null: no guidance
};

// The image codes that the model draws with, as token ids.
sampling::CodeRange codes_of(const checkpoint::ModelConfig& config);

class PlaceSampler {
 public:
  // `given`: body tokens that exist from the start; `generated_before`: tokens drawn before the
  // body. `chain` must outlive this.
  PlaceSampler(sampling::Chain& chain, const sampling::PictureLayout& layout,
               const sampling::CodeRange& codes, std::int64_t given,
               std::int64_t generated_before = 0);

  const sampling::CodeRange& codes() const { return codes_; }
  const sampling::Chain& chain() const { return chain_; }
  std::uint64_t seed() const { return chain_.settings().seed; }

  // The guidance scale there.
  double guidance(std::int64_t place) const { return scale_.at(position(place)); }

  // What addresses the noise of a place: tokens after image start.
  static std::uint32_t position(std::int64_t place);

  // The token that sequential decoding puts there.
  std::int32_t choose(std::int64_t place, const CodeLogits& logits);
  // The law of that choice over all seeds: [codes().count].
  void law(std::int64_t place, const CodeLogits& logits, sampling::Law& law);
  // The candidates of that choice; valid until the next call of these three.
  const std::vector<sampling::Candidate>& candidates(std::int64_t place, const CodeLogits& logits);
  // The choice at `place` among the candidates of another place.
  std::int32_t choose_among(const std::vector<sampling::Candidate>& candidates,
                            std::int64_t place) const;
  // ln of the probability of `token`, an image code, there: before top-k and at temperature 1.
  double log_likelihood(std::int64_t place, const CodeLogits& logits, std::int32_t token);

 private:
  sampling::Logits logits_of(const CodeLogits& logits) const;
  std::int64_t top_k() const { return chain_.settings().image_top_k; }
  std::int64_t step(std::int64_t place) const { return place - given_ + generated_before_ + 1; }

  sampling::Chain& chain_;
  sampling::CodeRange codes_;
  std::int64_t given_;
  std::int64_t generated_before_;
  sampling::GuidanceScale scale_;
};

}  // namespace lumina::decoding
