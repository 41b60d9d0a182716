#include "decoding/sequential.h"

#include <ATen/ATen.h>

namespace lumina::decoding {

void Sequential::draw(Picture& picture) const {
  const sampling::CodeRange& codes = picture.codes();
  while (!picture.finished()) {
    const at::Tensor hidden = picture.context().advance();  // [B, H]
    const at::Tensor logits =
        picture.model().logits(hidden, codes.first, codes.count).contiguous();  // [B, C]
    const float* conditional = logits.const_data_ptr<float>();
    const float* unconditional = logits.size(0) > 1 ? conditional + codes.count : nullptr;
    picture.commit(picture.choose(conditional, unconditional));
    picture.report(Progress::kDecode);
  }
}

}  // namespace lumina::decoding
