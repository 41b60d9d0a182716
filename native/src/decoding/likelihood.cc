#include "decoding/likelihood.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>

#include "decoding/context.h"
#include "decoding/place_sampler.h"
#include "decoding/validate.h"
#include "sampling/chain.h"
#include "sampling/options.h"
#include "sampling/picture_layout.h"

namespace lumina::decoding {
namespace {

using sampling::PictureLayout;
using Tokens = std::vector<std::int32_t>;

// The sum of ln p over the codes of a body, gathered window by window.
class Sum {
 public:
  Sum(const model::Transformer& model, PlaceSampler& sampler, const PictureLayout& layout,
      const Tokens& body)
      : model_(model), sampler_(sampler), layout_(layout), body_(body) {}

  // hidden [B, T, H]: of the tokens in front of places place .. place + T - 1.
  void add(std::int64_t place, const at::Tensor& hidden) {
    const sampling::CodeRange& codes = sampler_.codes();
    const at::Tensor logits = model_.logits(hidden, codes.first, codes.count).cpu().contiguous();
    const float* first = logits.const_data_ptr<float>();  // [B, T, C]
    const std::int64_t tokens = logits.size(1);
    for (std::int64_t t = 0; t < tokens; ++t) {
      if (layout_.kind(place + t) != PictureLayout::Kind::kCode) continue;
      CodeLogits row;
      row.conditional = first + t * codes.count;
      if (logits.size(0) > 1) row.unconditional = row.conditional + tokens * codes.count;
      sum_ += sampler_.log_likelihood(place + t, row, body_[place + t]);
    }
  }

  double value() const { return sum_; }

 private:
  const model::Transformer& model_;
  PlaceSampler& sampler_;
  const PictureLayout& layout_;
  const Tokens& body_;
  double sum_ = 0.0;
};

}  // namespace

double log_likelihood(const model::Transformer& model, KeptCache& cache, const TokenIds& ids,
                      const DecodeRequest& request, const Tokens& drawn, const Monitor& monitor,
                      std::int64_t window) {
  const c10::InferenceMode guard;
  const PictureLayout layout(request.grid_rows, request.grid_columns);
  const CacheNeed need = cache_need(request);
  validate(request, layout, ids, model.config());
  validate_drawn(drawn, request, layout, model.config());
  require_lasting_positions(model.config(), need.capacity);
  cache.make(model, need.rows, need.capacity);

  const sampling::CodeRange codes = codes_of(model.config());
  Tokens picture = sampling::header_tokens(layout, ids);
  const Tokens given = sampling::row_tokens(layout, ids, codes.first, request.given);
  picture.insert(picture.end(), given.begin(), given.end());
  Tokens body = given;
  const Tokens rows = sampling::row_tokens(layout, ids, codes.first, drawn);
  body.insert(body.end(), rows.begin(), rows.end());

  sampling::Chain chain(sampling::resolve(request.sampling));
  const auto first = static_cast<std::int64_t>(given.size());
  const auto end = static_cast<std::int64_t>(body.size()) - 1;  // behind the last code: a newline
  PlaceSampler sampler(chain, layout, codes, first);
  Sum sum(model, sampler, layout, body);
  Context context(model, cache, monitor);
  context.begin(request.prompt, picture, chain.settings().guided());
  sum.add(first, context.advance().unsqueeze(1));
  for (std::int64_t place = first + 1; place < end; place += window) {
    const auto before = body.begin() + place - 1;
    sum.add(place, context.extend(Tokens(before, before + std::min(window, end - place))));
  }
  return sum.value() / static_cast<double>(drawn.size());
}

}  // namespace lumina::decoding
