// What a pass does with the guess at one place. All Jacobi modes share the window (draft_window.h);
// a mode is a rule.
//
// Why the modes that claim so are exact (docs/spec/jacobi.md 1.16): at any time the code of a draft
// is distributed by the law that the draft carries, given everything that happened further left. A
// rule must keep it so: it writes the law of the code that it leaves behind, also when it kept the
// code, and uses noise of this pass and place that nothing else has seen.
#pragma once

#include <cstdint>
#include <memory>

#include "decoding/options.h"
#include "decoding/place_sampler.h"

namespace lumina::decoding {

// A guess for one place.
struct Draft {
  bool exists = false;    // else nothing was guessed there yet
  std::int32_t code = 0;  // 0 .. count - 1
  sampling::Law law;      // [count], of the code; unused where a rule compares codes alone
  double shift = 0.0;     // total variation between this law and the model's
};

// One look of a pass at a place.
struct Look {
  std::int64_t place = 0;
  std::uint32_t pass = 0;
  bool front = false;  // every draft to the left was accepted in this pass
  CodeLogits logits;
};

class DraftRule {
 public:
  virtual ~DraftRule() = default;

  // Replaces the draft's code and law by those that the logits ask for; true if the code stayed and
  // is accepted. What update() leaves at the first place without acceptance is committed.
  virtual bool update(const Look& look, Draft& draft) = 0;
  // After the last update of a pass, that of `draft`.
  virtual void end_pass(const Draft& draft) = 0;
  // A first guess for a place that no pass has looked at, from the last place that one has.
  virtual void extend(std::int64_t place, std::uint32_t pass, Draft& draft) = 0;
};

// `sampler` must outlive the rule. Not for Mode::kSequential.
std::unique_ptr<DraftRule> make_rule(const Speculation& speculation, PlaceSampler& sampler);

}  // namespace lumina::decoding
