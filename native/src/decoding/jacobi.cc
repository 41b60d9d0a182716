#include "decoding/jacobi.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <memory>

#include "decoding/draft_window.h"

namespace lumina::decoding {
namespace {

// A picture and its window.
struct Side {
  Side(const Speculation& speculation, Picture& drawn)
      : picture(drawn),
        rule(make_rule(speculation, drawn.sampler())),
        window(speculation, *rule, drawn.sampler(), drawn.window_setup()) {}

  Picture& picture;
  const std::unique_ptr<DraftRule> rule;
  DraftWindow window;
  const std::vector<std::int32_t>* codes = nullptr;  // of the last pass
};

using Sides = std::vector<std::unique_ptr<Side>>;

// One pass over the windows of `sides`, each row at its own length: logits [sides * each, W, C].
at::Tensor look_ahead(const Sides& sides, int window) {
  Picture& first = sides.front()->picture;
  const std::int64_t each = first.context().rows_each();
  const at::Tensor ids =
      at::empty({static_cast<std::int64_t>(sides.size()) * each, window}, at::kLong);
  auto* row = ids.data_ptr<std::int64_t>();
  std::vector<int> numbers;
  std::vector<std::int64_t> behind;
  for (const auto& side : sides) {
    numbers.push_back(side->picture.number());
    behind.push_back(side->picture.length() - side->window.first());
    for (std::int64_t i = 0; i < each; ++i) row = std::copy_n(side->window.inputs(), window, row);
  }
  const at::Tensor hidden = first.context().look_ahead(numbers, behind, ids);  // [.., W, H]
  return first.model().logits(hidden, first.codes().first, first.codes().count).cpu().contiguous();
}

void take(const Sides& sides, const at::Tensor& logits) {
  const std::int64_t each = logits.size(0) / static_cast<std::int64_t>(sides.size());
  at::parallel_for(0, static_cast<std::int64_t>(sides.size()), 1, [&](auto from, auto to) {
    for (std::int64_t i = from; i < to; ++i) {
      WindowLogits rows;
      rows.conditional = logits.const_data_ptr<float>() + i * each * logits.stride(0);
      if (each > 1) rows.unconditional = rows.conditional + logits.stride(0);
      sides[i]->codes = &sides[i]->window.take(rows);
    }
  });
}

}  // namespace

void Jacobi::draw(std::vector<Picture>& pictures) const {
  Sides sides;  // those that are not finished
  for (Picture& picture : pictures) sides.push_back(std::make_unique<Side>(speculation_, picture));
  pictures.front().context().advance();  // a header that was drawn is not in the cache yet
  const auto forget_finished = [&] {
    const auto end = std::remove_if(sides.begin(), sides.end(),
                                    [](const auto& side) { return side->picture.finished(); });
    sides.erase(end, sides.end());
  };
  forget_finished();
  while (!sides.empty()) {
    const Picture& clock = pictures.front();
    const double begin = clock.seconds();
    const at::Tensor logits = look_ahead(sides, speculation_.window);
    const double sampling = clock.seconds();
    take(sides, logits);
    const double end = clock.seconds();
    const auto count = static_cast<double>(sides.size());
    for (const auto& side : sides) {
      for (const std::int32_t code : *side->codes) side->picture.commit(code);
      side->picture.count_pass(side->codes->size(), (sampling - begin) / count,
                               (end - sampling) / count, side->window.shift());
    }
    const auto& last = *std::min_element(
        sides.begin(), sides.end(),
        [](const auto& a, const auto& b) { return a->picture.length() < b->picture.length(); });
    last->picture.report(Progress::kDecode);
    forget_finished();
  }
}

}  // namespace lumina::decoding
