#include "decoding/place_sampler.h"

namespace lumina::decoding {
namespace {

// Grid tokens behind image start; the reference counts its steps from image start.
constexpr std::int64_t kGridTokens = sampling::PictureLayout::kHeader - 1;

}  // namespace

sampling::CodeRange codes_of(const checkpoint::ModelConfig& config) {
  return {static_cast<std::int32_t>(config.image_token_offset),
          static_cast<std::int32_t>(config.image_codebook_size)};
}

PlaceSampler::PlaceSampler(sampling::Chain& chain, const sampling::PictureLayout& layout,
                           const sampling::CodeRange& codes, std::int64_t given,
                           std::int64_t generated_before)
    : chain_(chain),
      codes_(codes),
      given_(given),
      generated_before_(generated_before),
      scale_(chain.settings().guidance_schedule, chain.settings().guidance_scale, layout,
             kGridTokens + given) {}

std::uint32_t PlaceSampler::position(std::int64_t place) {
  return static_cast<std::uint32_t>(kGridTokens + place);
}

std::int32_t PlaceSampler::choose(std::int64_t place, const CodeLogits& logits) {
  return chain_.pick(logits_of(logits), scale_.at(position(place)), top_k(), step(place),
                     sampling::NoiseStream::kPicture, position(place));
}

void PlaceSampler::law(std::int64_t place, const CodeLogits& logits, sampling::Law& law) {
  chain_.law(logits_of(logits), scale_.at(position(place)), top_k(), step(place), law);
}

const std::vector<sampling::Candidate>& PlaceSampler::candidates(std::int64_t place,
                                                                 const CodeLogits& logits) {
  return chain_.candidates(logits_of(logits), scale_.at(position(place)), top_k(), step(place));
}

std::int32_t PlaceSampler::choose_among(const std::vector<sampling::Candidate>& candidates,
                                        std::int64_t place) const {
  return chain_.draw(candidates, top_k(), sampling::NoiseStream::kPicture, position(place));
}

double PlaceSampler::log_likelihood(std::int64_t place, const CodeLogits& logits,
                                    std::int32_t token) {
  return chain_.log_likelihood(logits_of(logits), scale_.at(position(place)), token, step(place));
}

sampling::Logits PlaceSampler::logits_of(const CodeLogits& logits) const {
  sampling::Logits all;
  all.conditional = logits.conditional;
  all.unconditional = logits.unconditional;
  all.count = static_cast<std::size_t>(codes_.count);
  all.first_id = codes_.first;
  return all;
}

}  // namespace lumina::decoding
