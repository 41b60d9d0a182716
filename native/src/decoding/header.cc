#include "decoding/header.h"

#include <ATen/ATen.h>

#include <string>

#include "lumina/status.h"
#include "sampling/structure.h"

namespace lumina::decoding {
namespace {

[[noreturn]] void no_picture(const std::string& reason) {
  throw Error(ErrorCode::kIncomplete, "no row of the picture exists: " + reason);
}

class HeaderDraw {
 public:
  HeaderDraw(const model::Transformer& model, Context& context, sampling::Chain& chain,
             const Monitor& monitor, std::int64_t most_generated)
      : model_(model),
        context_(context),
        chain_(chain),
        monitor_(monitor),
        most_generated_(most_generated) {}

  std::int64_t generated() const { return generated_; }

  // The next token of `phase`, appended to the context. `position` addresses its noise.
  std::int32_t next(sampling::Phase phase, std::int64_t position) {
    if (generated_ == most_generated_) {
      no_picture("the limit of " + std::to_string(most_generated_) + " tokens is reached");
    }
    const at::Tensor logits = model_.logits(context_.advance(), 0, model_.config().vocab_size)
                                  .cpu()
                                  .contiguous();  // [1, V]
    sampling::Logits row;
    row.conditional = logits.const_data_ptr<float>();
    row.count = static_cast<std::size_t>(logits.size(1));
    const sampling::Settings& settings = chain_.settings();
    const std::int64_t top_k =
        sampling::rules_of(phase).image_top_k ? settings.image_top_k : settings.text_top_k;
    const std::int32_t token =
        chain_.pick(row, /*scale=*/1.0, top_k, generated_ + 1,
                    phase == sampling::Phase::kText ? sampling::NoiseStream::kText
                                                    : sampling::NoiseStream::kPicture,
                    position);
    context_.append(token);
    ++generated_;
    Progress progress;
    progress.phase = Progress::kDecode;
    progress.tokens_done = generated_;
    monitor_.report(progress);
    return token;
  }

 private:
  const model::Transformer& model_;
  Context& context_;
  sampling::Chain& chain_;
  const Monitor& monitor_;
  std::int64_t most_generated_;
  std::int64_t generated_ = 0;
};

}  // namespace

DrawnHeader draw_header(const model::Transformer& model, Context& context, sampling::Chain& chain,
                        const Monitor& monitor, const TokenIds& ids, std::int64_t most_generated) {
  HeaderDraw draw(model, context, chain, monitor, most_generated);
  std::int32_t token;
  do {
    token = draw.next(sampling::Phase::kText, draw.generated());
    if (token == ids.image_end) {
      no_picture("the model ended after " + std::to_string(draw.generated()) +
                 " tokens without one");
    }
  } while (token != ids.image_start);

  DrawnHeader header;
  header.tokens = {token};
  int cells[2];
  for (int side = 0; side < 2; ++side) {
    token = draw.next(sampling::Phase::kHeader, side);
    cells[side] = sampling::grid_cells(token, ids);
    if (cells[side] < 1) {
      no_picture("the model drew token " + std::to_string(token) + " where the " +
                 (side == 0 ? "height" : "width") + " belongs");
    }
    header.tokens.push_back(token);
  }
  header.layout = sampling::PictureLayout(cells[0], cells[1]);
  header.generated = draw.generated();
  return header;
}

}  // namespace lumina::decoding
