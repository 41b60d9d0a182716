// First guesses for places that no pass has looked at.
#pragma once

#include <cstdint>

#include "decoding/draft_rule.h"
#include "sampling/picture_layout.h"

namespace lumina::decoding {

class FirstGuess {
 public:
  // References must outlive this.
  FirstGuess(Initialization initialization, DraftRule& rule, const PlaceSampler& sampler,
             const sampling::PictureLayout& layout)
      : initialization_(initialization), rule_(rule), sampler_(sampler), layout_(layout) {}

  // A guess for a place of a code. tokens[0] is body token 0, and tokens up to `place` are
  // committed or guessed. A guess that is copied or taken at random carries the law that has no
  // other outcome: it is judged as if nothing else could have been guessed.
  void operator()(std::int64_t place, std::uint32_t pass, const std::int32_t* tokens, Draft& draft);

 private:
  // The place to copy from; -1 if there is none.
  std::int64_t source(std::int64_t place) const;

  Initialization initialization_;
  DraftRule& rule_;
  const PlaceSampler& sampler_;
  const sampling::PictureLayout& layout_;
};

}  // namespace lumina::decoding
