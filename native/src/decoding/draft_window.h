// The window of a Jacobi mode: which tokens a pass feeds, which it may commit, what becomes of the
// rest. Logits come in, codes go out; nothing here knows the transformer.
//
// Body tokens are addressed by their place and nothing is ever moved: places before committed() are
// final, newlines and the end are written from the start, and guesses fill what lies between. A
// pass feeds the `window` tokens from first() on, the last ones committed and then guesses, and so
// learns the laws of the places one further right. Memory is taken once, at the beginning.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "decoding/draft_rule.h"
#include "decoding/initialization.h"
#include "lumina/types.h"
#include "sampling/picture_layout.h"

namespace lumina::decoding {

// The logits of the places behind each token of a window: [window, count] each.
struct WindowLogits {
  const float* conditional = nullptr;
  const float* unconditional = nullptr;  // null: no guidance
};

class DraftWindow {
 public:
  struct Setup {
    sampling::PictureLayout layout;
    TokenIds ids;
    std::int32_t before = 0;          // the token in front of the body
    std::vector<std::int32_t> given;  // body tokens that exist: whole rows
    std::int64_t stop = 0;            // commits places before this one alone
  };

  // `rule` and `sampler` must outlive the window. The model has been fed everything but the last of
  // before + given, or will feed it again.
  DraftWindow(const Speculation& speculation, DraftRule& rule, PlaceSampler& sampler, Setup setup);

  bool done() const { return committed_ == setup_.stop; }
  std::int64_t committed() const { return committed_; }

  // What the next pass feeds to the places from first() on, which may be -1, the token in front of
  // the body: [window], valid until take(). What earlier passes fed before first() stands, what
  // they fed from there on is forgotten. Not when done().
  std::int64_t first() const { return first_; }
  const std::int32_t* inputs() { return &token(first_); }
  // Ends the pass by its logits: 1 to window tokens of the image codes are committed, and the
  // newlines and the end that follow. Returns the codes, as token ids; valid until the next call.
  const std::vector<std::int32_t>& take(const WindowLogits& logits);
  // Of the codes that the last pass committed: sum of the total variation of their laws.
  double shift() const { return shift_; }

 private:
  bool forced(std::int64_t place) const;
  Draft& draft(std::int64_t place) { return drafts_[place % drafts_.size()]; }
  std::int32_t& token(std::int64_t place) { return tokens_[place + 1]; }
  std::int64_t end() const { return first_ + window_; }  // the first place behind the window

  std::int64_t update(const WindowLogits& logits);
  void commit(std::int64_t last);
  void guess(std::int64_t from);

  const int window_;
  DraftRule& rule_;
  PlaceSampler& sampler_;
  Setup setup_;
  FirstGuess first_guess_;
  std::uint32_t pass_ = 0;
  std::int64_t committed_;
  std::int64_t first_;                // what the next pass feeds first
  std::vector<std::int32_t> tokens_;  // [place + 1]
  std::vector<Draft> drafts_;         // [place modulo size]; size: the places that a pass looks at
  std::vector<std::int32_t> codes_;   // of the last pass
  double shift_ = 0.0;
};

}  // namespace lumina::decoding
