#include "decoding/static_step.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>
#include <tuple>

#include "decoding/gumbel.h"

namespace lumina::decoding {
namespace {

using sampling::PictureLayout;

constexpr double kNever = -std::numeric_limits<double>::infinity();

// Noise is addressed by tokens behind image start.
at::Tensor noise_positions(const at::Tensor& places) {
  return (places + static_cast<std::int64_t>(PlaceSampler::position(0))).contiguous();
}

}  // namespace

StaticStep::StaticStep(const model::Transformer& model, model::KvCache& cache, const Setup& setup,
                       const PlaceSampler& sampler)
    : model_(model),
      codes_(setup.codes),
      temperature_(setup.settings.temperature),
      top_k_(setup.settings.image_top_k),
      last_(setup.stop - 1),
      window_(setup.window),
      sides_(static_cast<std::int64_t>(setup.sides.size())),
      each_(static_cast<std::int64_t>(setup.sides.front().lengths.size())),
      positions_(
          at::zeros({sides_ * each_, window_}, at::TensorOptions(model.device()).dtype(at::kLong))),
      memory_(cache, positions_) {
  const std::int64_t body = setup.layout.body_length();
  const std::int64_t places = body + window_ + 1;  // those that a window reaches
  std::vector<std::int64_t> seeds, tokens, base;
  std::vector<float> scale(places, 1.0f);
  at::Tensor forced = at::ones({places}, at::kBool);
  for (std::int64_t place = 0; place < body; ++place) {
    scale[place] = static_cast<float>(sampler.guidance(place));
    forced[place] = setup.layout.kind(place) != PictureLayout::Kind::kCode;
  }
  for (const Side& side : setup.sides) {
    seeds.push_back(static_cast<std::int64_t>(side.seed));
    std::vector<std::int64_t> row(places + 1, setup.ids.image_end);
    for (std::int64_t place = 0; place < body; ++place) {
      if (setup.layout.kind(place) == PictureLayout::Kind::kNewLine) {
        row[place + 1] = setup.ids.new_line;
      }
    }
    std::copy(side.window.begin(), side.window.end(), row.begin() + setup.given);
    tokens.insert(tokens.end(), row.begin(), row.end());
    for (const std::int64_t length : side.lengths) base.push_back(length - setup.given);
  }

  const at::Device device = model.device();
  const auto options = at::TensorOptions(device);
  seeds_ = at::tensor(seeds, at::kLong).to(device);
  base_ = at::tensor(base, at::kLong).unsqueeze(1).to(device);
  offsets_ = at::arange(window_, options.dtype(at::kLong));
  scale_ = at::tensor(scale, at::kFloat).to(device);
  forced_ = forced.to(device);
  const model::Rotation rotation =
      model.rotary().at({0}, *std::max_element(base.begin(), base.end()) + places, model.dtype());
  cos_ = rotation.cos.flatten(0, 2).to(device);
  sin_ = rotation.sin.flatten(0, 2).to(device);
  first_tokens_ = at::tensor(tokens, at::kLong).view({sides_, places + 1}).to(device);
  first_places_ = at::full({sides_}, setup.given - 1, options.dtype(at::kLong));
  tokens_ = at::empty_like(first_tokens_);
  first_ = at::empty_like(first_places_);
  noise_ = at::empty({sides_, window_, codes_.count}, options.dtype(at::kDouble));
  more_noise_ = at::empty({sides_, window_ - 1, codes_.count}, options.dtype(at::kDouble));
  pass_ = at::empty({1}, options.dtype(at::kLong));
  records_ = at::empty({kRecords, sides_}, options.dtype(at::kLong));
  broken_ = at::empty({1}, options.dtype(at::kBool));
  reset();
}

void StaticStep::reset() {
  tokens_.copy_(first_tokens_);
  first_.copy_(first_places_);
  pass_.zero_();
  broken_.zero_();
}

// [P, W] -> [R, W], the same for each row of a picture.
at::Tensor StaticStep::to_rows(const at::Tensor& sides) const {
  return sides.unsqueeze(1).expand({sides_, each_, window_}).reshape({sides_ * each_, window_});
}

model::Rotation StaticStep::rotation() const {
  const auto at_positions = [&](const at::Tensor& table) {
    return table.index_select(0, positions_.flatten()).view({sides_ * each_, window_, 1, -1});
  };
  return {at_positions(cos_), at_positions(sin_)};
}

// Logits [R, W, C] of `places` [P, W] -> [P, W, C]
at::Tensor StaticStep::guided(const at::Tensor& logits, const at::Tensor& places) const {
  const at::Tensor rows = logits.view({sides_, each_, window_, codes_.count});
  if (each_ == 1) return rows.select(1, 0);
  const at::Tensor with = rows.select(1, 0), without = rows.select(1, 1);
  const at::Tensor scale = scale_.index_select(0, places.flatten()).view({sides_, window_, 1});
  return scale * (with - without) + without;
}

// What top-k and temperature leave, -inf elsewhere: [P, W, C] fp64. As sampling::Chain.
at::Tensor StaticStep::scores_of(const at::Tensor& guided) const {
  at::Tensor scores = guided;
  if (temperature_ != 1.0) {
    const at::Tensor wide = guided.to(at::kDouble);
    scores = ((wide - wide.amax(-1, /*keepdim=*/true)) / temperature_).to(at::kFloat);
  }
  scores = scores.to(at::kDouble);
  if (top_k_ >= codes_.count) return scores;
  const at::Tensor least =
      std::get<0>(at::topk(guided, top_k_, -1, /*largest=*/true, /*sorted=*/false))
          .amin(-1, /*keepdim=*/true);
  return scores.masked_fill(guided < least, kNever);
}

// The codes that `scores` [P, n | 1, C] and the noise of `places` [P, n] choose: [P, n].
at::Tensor StaticStep::drawn(const at::Tensor& scores, const at::Tensor& places,
                             const at::Tensor& noise) {
  if (top_k_ == 1) return scores.argmax(-1).expand(places.sizes());
  fill_gumbel(seeds_, noise_positions(places), sampling::NoiseStream::kPicture, codes_.first,
              noise);
  return (scores + noise).argmax(-1);
}

void StaticStep::operator()() {
  const at::Tensor fed = first_.unsqueeze(1) + offsets_;  // [P, W] places
  positions_.copy_(to_rows(fed) + base_);
  const at::Tensor hidden =
      model_.pass(to_rows(tokens_.gather(1, fed + 1)), rotation(), memory_);  // [R, W, H]
  const at::Tensor logits = model_.logits(hidden, codes_.first, codes_.count);

  const at::Tensor places = fed + 1;  // which the pass tells about
  const at::Tensor written =
      forced_.index_select(0, places.flatten()).view({sides_, window_});  // [P, W]
  const at::Tensor combined = guided(logits, places);
  broken_.logical_or_(at::isfinite(combined).all().logical_not());
  const at::Tensor scores = scores_of(combined);
  const at::Tensor codes = drawn(scores, places, noise_);
  const at::Tensor before = tokens_.gather(1, places + 1);
  const at::Tensor now = at::where(written, before, codes + codes_.first);
  tokens_.scatter_(1, places + 1, now);

  // Guesses stay up to the first that is not what its place draws; the last place had none.
  const at::Tensor holds = (before == now).logical_and(offsets_ < window_ - 1);
  const at::Tensor kept = holds.to(at::kLong).cumprod(1).sum(1);  // [P]
  if (window_ > 1) {
    // First guesses for the places behind, from the last law that there is.
    const at::Tensor drawable = written.logical_or(places > last_).logical_not();
    const at::Tensor newest = (drawable.to(at::kLong) * (offsets_ + 1)).amax(1).sub(1).clamp_min(0);
    const at::Tensor law = scores.gather(
        1, newest.view({sides_, 1, 1}).expand({sides_, 1, codes_.count}));  // [P, 1, C]
    const at::Tensor behind =
        (fed + window_ + 1).narrow(1, 0, window_ - 1).clamp_max(forced_.size(0) - 1);
    const at::Tensor fresh = drawn(law, behind, more_noise_) + codes_.first;
    const at::Tensor there = tokens_.gather(1, behind + 1);
    const at::Tensor fixed = forced_.index_select(0, behind.flatten()).view(behind.sizes());
    tokens_.scatter_(1, behind + 1, at::where(fixed, there, fresh));
  }
  first_.copy_((first_ + 1 + kept).clamp_max(last_));
  records_.index_copy_(0, pass_.remainder(kRecords), first_.unsqueeze(0));
  pass_.add_(1);
}

}  // namespace lumina::decoding
