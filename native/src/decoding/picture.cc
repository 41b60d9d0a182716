#include "decoding/picture.h"

#include <algorithm>
#include <utility>

namespace lumina::decoding {

Picture::Picture(const model::Transformer& model, Context& context, sampling::Chain& chain,
                 const Monitor& monitor, Setup setup)
    : model_(model),
      context_(context),
      monitor_(monitor),
      setup_(std::move(setup)),
      sampler_(chain, setup_.layout, setup_.codes, static_cast<std::int64_t>(setup_.given.size()),
               setup_.generated_before),
      body_(setup_.given),
      body_codes_(sampling::body_codes(setup_.layout, setup_.codes.first, setup_.given).values) {}

bool Picture::complete() const { return length() == setup_.layout.body_length(); }

bool Picture::finished() const { return length() >= stop(); }

std::int64_t Picture::stop() const {
  const std::int64_t whole = setup_.layout.body_length();
  if (setup_.most_generated == 0) return whole;
  return std::min(whole, setup_.most_generated - setup_.generated_before +
                             static_cast<std::int64_t>(setup_.given.size()));
}

DraftWindow::Setup Picture::window_setup() const {
  DraftWindow::Setup setup;
  setup.layout = setup_.layout;
  setup.ids = setup_.ids;
  setup.before = setup_.ids.grid[setup_.layout.grid_columns()];
  setup.given = body_;
  setup.stop = stop();
  return setup;
}

std::int64_t Picture::generated() const {
  return setup_.generated_before + length() - static_cast<std::int64_t>(setup_.given.size());
}

void Picture::commit(std::int32_t code) {
  append(code);
  body_codes_.push_back(code - setup_.codes.first);
  commit_forced();
}

void Picture::commit_forced() {
  while (!finished()) {
    const sampling::AllowedIds next =
        sampling::allowed_in_body(setup_.layout, length(), setup_.ids, setup_.codes);
    if (!next.forced()) break;
    append(next.first);
  }
}

void Picture::append(std::int32_t token) {
  body_.push_back(token);
  context_.append(token, setup_.number);
}

void Picture::report(Progress::Phase phase) const {
  Progress progress;
  progress.phase = phase;
  progress.rows_done = rows_done();
  progress.rows_total = setup_.layout.rows();
  progress.tokens_done = generated();
  progress.tokens_total = setup_.generated_before + setup_.layout.body_length() -
                          static_cast<std::int64_t>(setup_.given.size());
  progress.codes = body_codes_.data();
  progress.codes_done = static_cast<std::int64_t>(body_codes_.size());
  progress.columns = setup_.layout.columns();
  progress.pictures = setup_.together;
  monitor_.report(progress);
}

void Picture::count_pass(std::size_t codes, double model_seconds, double sampling_seconds,
                         double shift) {
  if (stats_.codes_per_pass.size() <= codes) stats_.codes_per_pass.resize(codes + 1);
  ++stats_.codes_per_pass[codes];
  stats_.model_seconds += model_seconds;
  stats_.sampling_seconds += sampling_seconds;
  drawn_ += static_cast<std::int64_t>(codes);
  stats_.law_shift += (shift - static_cast<double>(codes) * stats_.law_shift) / drawn_;
}

}  // namespace lumina::decoding
