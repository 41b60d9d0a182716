#include "decoding/sequential.h"

#include <ATen/ATen.h>

namespace lumina::decoding {

void Sequential::draw(Picture& picture) const {
  const sampling::CodeRange& codes = picture.codes();
  while (!picture.finished()) {
    const double begin = picture.seconds();
    const at::Tensor hidden = picture.context().advance();  // [B, H]
    const at::Tensor logits =
        picture.model().logits(hidden, codes.first, codes.count).contiguous();  // [B, C]
    const double sampling = picture.seconds();
    CodeLogits rows;
    rows.conditional = logits.const_data_ptr<float>();
    if (logits.size(0) > 1) rows.unconditional = rows.conditional + codes.count;
    picture.commit(picture.sampler().choose(picture.length(), rows));
    picture.count_pass(1, sampling - begin, picture.seconds() - sampling);
    picture.report(Progress::kDecode);
  }
}

}  // namespace lumina::decoding
