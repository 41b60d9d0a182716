#include "decoding/jacobi.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "decoding/draft_window.h"

namespace lumina::decoding {
namespace {

// Feeds both rows of a picture's context, each at its own length.
class ContextModel : public WindowModel {
 public:
  ContextModel(Picture& picture, int window)
      : picture_(picture), ids_(at::empty({picture.context().rows(), window}, at::kLong)) {}

  WindowLogits feed(std::int64_t first, const std::vector<std::int32_t>& tokens) override {
    const double begin = picture_.seconds();
    for (std::int64_t row = 0; row < ids_.size(0); ++row) {
      std::copy(tokens.begin(), tokens.end(), ids_[row].data_ptr<std::int64_t>());
    }
    const sampling::CodeRange& codes = picture_.codes();
    const at::Tensor hidden =
        picture_.context().look_ahead(picture_.length() - first, ids_);                // [B, W, H]
    logits_ = picture_.model().logits(hidden, codes.first, codes.count).contiguous();  // [B, W, C]
    WindowLogits logits;
    logits.conditional = logits_[0].const_data_ptr<float>();
    if (logits_.size(0) > 1) logits.unconditional = logits_[1].const_data_ptr<float>();
    seconds_ = picture_.seconds() - begin;
    return logits;
  }

  double seconds() const { return seconds_; }  // of the last call

 private:
  Picture& picture_;
  at::Tensor ids_;     // [B, W]
  at::Tensor logits_;  // of the last call
  double seconds_ = 0.0;
};

}  // namespace

void Jacobi::draw(Picture& picture) const {
  const auto rule = make_rule(speculation_, picture.sampler());
  DraftWindow::Setup setup;
  setup.layout = picture.layout();
  setup.ids = picture.ids();
  setup.before = picture.ids().grid[picture.layout().grid_columns()];
  setup.given = picture.body();
  setup.stop = picture.stop();
  DraftWindow window(speculation_, *rule, picture.sampler(), setup);
  ContextModel model(picture, speculation_.window);
  picture.context().advance();  // a header that was drawn is not in the cache yet
  while (!picture.finished()) {
    const double begin = picture.seconds();
    const std::vector<std::int32_t>& codes = window.pass(model);
    for (const std::int32_t code : codes) picture.commit(code);
    picture.count_pass(codes.size(), model.seconds(), picture.seconds() - begin - model.seconds(),
                       window.shift());
    picture.report(Progress::kDecode);
  }
}

}  // namespace lumina::decoding
