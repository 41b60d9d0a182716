// How the body of a picture is decoded. A strategy is one file and one line in decode.cc.
#pragma once

#include "decoding/picture.h"

namespace lumina::decoding {

class Strategy {
 public:
  virtual ~Strategy() = default;
  // Commits tokens until picture.finished(); reports after every step.
  virtual void draw(Picture& picture) const = 0;
};

}  // namespace lumina::decoding
