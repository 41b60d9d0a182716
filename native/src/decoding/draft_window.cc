#include "decoding/draft_window.h"

#include <algorithm>
#include <utility>

namespace lumina::decoding {

DraftWindow::DraftWindow(const Speculation& speculation, DraftRule& rule, PlaceSampler& sampler,
                         Setup setup)
    : window_(speculation.window),
      rule_(rule),
      sampler_(sampler),
      setup_(std::move(setup)),
      first_guess_(speculation.initialization, rule, sampler, setup_.layout),
      committed_(static_cast<std::int64_t>(setup_.given.size())),
      first_(committed_ - 1),
      drafts_(window_ + 1) {
  // Behind the end of the picture the window is filled with ends, which nobody looks at.
  const std::int64_t length = setup_.layout.body_length();
  tokens_.assign(length + window_ + 2, setup_.ids.image_end);
  for (std::int64_t place = 0; place < length; ++place) {
    if (setup_.layout.kind(place) == sampling::PictureLayout::Kind::kNewLine) {
      token(place) = setup_.ids.new_line;
    }
  }
  token(-1) = setup_.before;
  std::copy(setup_.given.begin(), setup_.given.end(), &token(0));
  for (Draft& draft : drafts_) draft.law.resize(static_cast<std::size_t>(sampler.codes().count));
  codes_.reserve(window_);
  guess(committed_);
}

const std::vector<std::int32_t>& DraftWindow::take(const WindowLogits& logits) {
  const std::int64_t known = end();  // the last place whose law the pass gives
  commit(update(logits));
  draft(end()).exists = false;
  guess(known + 1);
  ++pass_;
  return codes_;
}

bool DraftWindow::forced(std::int64_t place) const {
  return setup_.layout.kind(place) != sampling::PictureLayout::Kind::kCode;
}

// Renews every draft by its new law. Returns the last place to commit: the first whose draft was
// not accepted, or else the last that has a law, where there was none.
std::int64_t DraftWindow::update(const WindowLogits& logits) {
  const std::int64_t last = std::min(end(), setup_.stop - 1);
  std::int64_t refused = last;
  const Draft* newest = nullptr;
  Look look;
  look.pass = pass_;
  look.front = true;
  for (std::int64_t place = committed_; place <= last; ++place) {
    if (forced(place)) continue;  // certain: as if drawn from a law without choice, and accepted
    const std::int64_t offset = (place - 1 - first_) * sampler_.codes().count;
    look.place = place;
    look.logits.conditional = logits.conditional + offset;
    look.logits.unconditional =
        logits.unconditional == nullptr ? nullptr : logits.unconditional + offset;
    Draft& current = draft(place);
    const bool accepted = rule_.update(look, current);
    current.exists = true;
    token(place) = sampler_.codes().first + current.code;
    if (look.front && !accepted) {
      look.front = false;
      refused = place;
    }
    newest = &current;
  }
  rule_.end_pass(*newest);  // the first place is a code's
  return refused;
}

void DraftWindow::commit(std::int64_t last) {
  codes_.clear();
  shift_ = 0.0;
  for (; committed_ <= last; ++committed_) {
    if (forced(committed_)) continue;
    codes_.push_back(token(committed_));
    shift_ += draft(committed_).shift;
  }
  while (!done() && forced(committed_)) ++committed_;
  first_ = last;  // fed before it was what it is now, or not fed yet
}

void DraftWindow::guess(std::int64_t from) {
  const std::int64_t last = std::min(end(), setup_.stop) - 1;
  for (std::int64_t place = from; place <= last; ++place) {
    if (forced(place)) continue;
    Draft& fresh = draft(place);
    first_guess_(place, pass_, &token(0), fresh);
    token(place) = sampler_.codes().first + fresh.code;
  }
}

}  // namespace lumina::decoding
