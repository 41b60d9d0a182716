// One code of every picture per pass, in order: the reference that every other strategy is judged
// by.
#pragma once

#include "decoding/strategy.h"

namespace lumina::decoding {

class Sequential : public Strategy {
 public:
  void draw(std::vector<Picture>& pictures) const override;
};

}  // namespace lumina::decoding
