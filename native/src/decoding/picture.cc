#include "decoding/picture.h"

#include <utility>

namespace lumina::decoding {
namespace {

// Grid tokens behind image start; the reference counts its steps from image start.
constexpr std::int64_t kGridTokens = sampling::PictureLayout::kHeader - 1;

}  // namespace

Picture::Picture(const model::Transformer& model, Context& context, sampling::Chain& chain,
                 const Monitor& monitor, Setup setup)
    : model_(model),
      context_(context),
      chain_(chain),
      monitor_(monitor),
      setup_(std::move(setup)),
      scale_(chain.settings().guidance_schedule, chain.settings().guidance_scale, setup_.layout,
             kGridTokens + static_cast<std::int64_t>(setup_.given.size())),
      body_(setup_.given) {}

bool Picture::complete() const { return length() == setup_.layout.body_length(); }

bool Picture::finished() const {
  return complete() || (setup_.most_generated > 0 && generated() >= setup_.most_generated);
}

std::int64_t Picture::generated() const {
  return setup_.generated_before + length() - static_cast<std::int64_t>(setup_.given.size());
}

std::int32_t Picture::choose(const float* conditional, const float* unconditional) {
  sampling::Logits logits;
  logits.conditional = conditional;
  logits.unconditional = unconditional;
  logits.count = static_cast<std::size_t>(setup_.codes.count);
  logits.first_id = setup_.codes.first;
  const std::int64_t tokens = kGridTokens + length();  // behind image start
  return chain_.pick(logits, scale_.at(tokens), chain_.settings().image_top_k, generated() + 1,
                     sampling::NoiseStream::kPicture, tokens);
}

void Picture::commit(std::int32_t code) {
  append(code);
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
  context_.append(token);
}

void Picture::report(Progress::Phase phase) const {
  Progress progress;
  progress.phase = phase;
  progress.rows_done = rows_done();
  progress.rows_total = setup_.layout.rows();
  progress.tokens_done = generated();
  progress.tokens_total = setup_.generated_before + setup_.layout.body_length() -
                          static_cast<std::int64_t>(setup_.given.size());
  monitor_.report(progress);
}

}  // namespace lumina::decoding
