#include "decoding/sequential.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

namespace lumina::decoding {

void Sequential::draw(std::vector<Picture>& pictures) const {
  Picture& first = pictures.front();  // all are equally far
  const sampling::CodeRange& codes = first.codes();
  const auto count = static_cast<std::int64_t>(pictures.size());
  const std::int64_t each = first.context().rows_each();
  std::vector<std::int32_t> chosen(pictures.size());
  while (!first.finished()) {
    const double begin = first.seconds();
    const at::Tensor hidden = first.context().advance();  // [pictures * each, H]
    const at::Tensor logits =
        first.model().logits(hidden, codes.first, codes.count).cpu().contiguous();  // [.., C]
    const double sampling = first.seconds();
    at::parallel_for(0, count, 1, [&](std::int64_t from, std::int64_t to) {
      for (std::int64_t i = from; i < to; ++i) {
        CodeLogits rows;
        rows.conditional = logits.const_data_ptr<float>() + i * each * codes.count;
        if (each > 1) rows.unconditional = rows.conditional + codes.count;
        chosen[i] = pictures[i].sampler().choose(pictures[i].length(), rows);
      }
    });
    for (std::int64_t i = 0; i < count; ++i) pictures[i].commit(chosen[i]);
    const double end = first.seconds();
    for (Picture& picture : pictures) {
      picture.count_pass(1, (sampling - begin) / count, (end - sampling) / count);
    }
    first.report(Progress::kDecode);
  }
}

}  // namespace lumina::decoding
