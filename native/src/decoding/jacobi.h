// Speculative Jacobi decoding: a pass feeds a window of guesses to every picture and commits what
// holds.
#pragma once

#include "decoding/options.h"
#include "decoding/strategy.h"

namespace lumina::decoding {

class Jacobi : public Strategy {
 public:
  explicit Jacobi(const Speculation& speculation) : speculation_(speculation) {}
  void draw(std::vector<Picture>& pictures) const override;

 private:
  Speculation speculation_;
};

}  // namespace lumina::decoding
