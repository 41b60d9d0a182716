// A picture in the making: what is committed, what must follow, how far it is.
#pragma once

#include <cstdint>
#include <vector>

#include "decoding/context.h"
#include "decoding/draft_window.h"
#include "decoding/monitor.h"
#include "decoding/place_sampler.h"
#include "lumina/types.h"
#include "sampling/chain.h"
#include "sampling/picture_layout.h"
#include "sampling/structure.h"

namespace lumina::decoding {

// What a decode strategy works on. The header and given rows are in the context already.
class Picture {
 public:
  struct Setup {
    sampling::PictureLayout layout;
    TokenIds ids;
    sampling::CodeRange codes;
    std::vector<std::int32_t> given;    // body tokens that exist from the start: whole rows
    std::int64_t generated_before = 0;  // tokens this request drew before the body
    std::int64_t most_generated = 0;    // stop after that many generated tokens; 0: no limit
    int number = 0;                     // of its rows in the context
    int together = 1;                   // pictures in the context
  };

  // References must outlive the picture.
  Picture(const model::Transformer& model, Context& context, sampling::Chain& chain,
          const Monitor& monitor, Setup setup);

  const model::Transformer& model() const { return model_; }
  Context& context() { return context_; }
  const sampling::PictureLayout& layout() const { return setup_.layout; }
  const sampling::CodeRange& codes() const { return setup_.codes; }
  const TokenIds& ids() const { return setup_.ids; }
  PlaceSampler& sampler() { return sampler_; }

  int number() const { return setup_.number; }
  bool complete() const;      // END is committed
  bool finished() const;      // complete, or stopped by the limit
  std::int64_t stop() const;  // finished at this length
  std::int64_t length() const { return static_cast<std::int64_t>(body_.size()); }
  const std::vector<std::int32_t>& body() const { return body_; }  // given rows included
  DraftWindow::Setup window_setup() const;                         // of a window behind the body
  std::int64_t generated() const;  // tokens this request drew or placed, header included if drawn
  int rows_done() const { return setup_.layout.whole_rows(length()); }

  // Commits a code to the next place and then every token that has to follow it: newline, end.
  void commit(std::int32_t code);
  // Commits forced tokens up to the next code; commit() calls it.
  void commit_forced();

  void report(Progress::Phase phase) const;
  double seconds() const { return monitor_.seconds(); }
  // Puts a pass on record: the codes that it decided, this picture's part of the time it spent, and
  // the sum of what lambda moved of their laws.
  void count_pass(std::size_t codes, double model_seconds, double sampling_seconds,
                  double shift = 0.0);
  // What count_pass() gathered; the rest is the caller's.
  const Stats& stats() const { return stats_; }

 private:
  void append(std::int32_t token);

  const model::Transformer& model_;
  Context& context_;
  const Monitor& monitor_;
  Setup setup_;
  PlaceSampler sampler_;
  std::vector<std::int32_t> body_;
  std::vector<std::int32_t> body_codes_;  // the codes among them, 0 .. codebook size - 1
  Stats stats_;
  std::int64_t drawn_ = 0;  // codes that passes decided
};

}  // namespace lumina::decoding
