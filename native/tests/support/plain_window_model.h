// A model that a draft window is tried on.
#pragma once

#include <cstdint>
#include <vector>

#include "decoding/draft_window.h"

namespace lumina::testing {

class WindowModel {
 public:
  virtual ~WindowModel() = default;
  // Feeds tokens[0 .. window - 1] to the places from `first` on, as DraftWindow::inputs() says.
  // Valid until the next call.
  virtual decoding::WindowLogits feed(std::int64_t first,
                                      const std::vector<std::int32_t>& tokens) = 0;
};

// One pass of `window` tokens; returns the codes that it committed.
inline const std::vector<std::int32_t>& pass(decoding::DraftWindow& drafts, int window,
                                             WindowModel& model) {
  const std::vector<std::int32_t> inputs(drafts.inputs(), drafts.inputs() + window);
  return drafts.take(model.feed(drafts.first(), inputs));
}

}  // namespace lumina::testing
