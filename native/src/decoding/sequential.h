// One code per pass, in order: the reference that every other strategy is judged by.
#pragma once

#include "decoding/strategy.h"

namespace lumina::decoding {

class Sequential : public Strategy {
 public:
  void draw(Picture& picture) const override;
};

}  // namespace lumina::decoding
