// How the bodies of pictures are decoded. A strategy is one file and one line in decode.cc.
#pragma once

#include <vector>

#include "decoding/picture.h"

namespace lumina::decoding {

class Strategy {
 public:
  virtual ~Strategy() = default;
  // Commits tokens until every picture is finished(); reports after every step. The pictures, at
  // least one, share a context, layout and limit, and have equally many tokens.
  virtual void draw(std::vector<Picture>& pictures) const = 0;
};

}  // namespace lumina::decoding
