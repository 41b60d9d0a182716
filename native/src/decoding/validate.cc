#include "decoding/validate.h"

#include <string>

#include "lumina/status.h"

namespace lumina::decoding {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::kInvalidArgument, message);
}

void check_in_vocabulary(const char* what, std::int32_t id, const checkpoint::ModelConfig& config) {
  if (id >= 0 && id < config.vocab_size) return;
  refuse(std::string(what) + " token " + std::to_string(id) + " is outside the vocabulary of " +
         std::to_string(config.vocab_size));
}

void check_prompt(const std::vector<std::int32_t>& prompt, const TokenIds& ids,
                  const checkpoint::ModelConfig& config) {
  if (prompt.empty()) refuse("the prompt has no token");
  for (const std::int32_t id : prompt) {
    check_in_vocabulary("prompt", id, config);
    if (id == ids.image_start || id == ids.image_end) {
      refuse("prompt token " + std::to_string(id) + " starts or ends a picture");
    }
  }
}

void check_codes(const char* what, const std::vector<std::int32_t>& codes,
                 const checkpoint::ModelConfig& config) {
  for (const std::int32_t code : codes) {
    if (code >= 0 && code < config.image_codebook_size) continue;
    refuse(std::string(what) + " code " + std::to_string(code) + " is outside the codebook of " +
           std::to_string(config.image_codebook_size));
  }
}

void check_given(const std::vector<std::int32_t>& given, const sampling::PictureLayout& layout,
                 const checkpoint::ModelConfig& config) {
  const auto count = static_cast<std::int64_t>(given.size());
  if (count % layout.columns() != 0 || count / layout.columns() >= layout.rows()) {
    refuse(std::to_string(count) + " given codes are no whole rows of " +
           std::to_string(layout.columns()) + ", fewer than " + std::to_string(layout.rows()));
  }
  check_codes("given", given, config);
}

}  // namespace

void validate(const DecodeRequest& request, const sampling::PictureLayout& layout,
              const TokenIds& ids, const checkpoint::ModelConfig& config) {
  for (const std::int32_t id : {ids.image_start, ids.image_end, ids.new_line}) {
    check_in_vocabulary("structure", id, config);
  }
  for (const std::int32_t id : sampling::header_tokens(layout, ids)) {
    check_in_vocabulary("size", id, config);
  }
  check_prompt(request.prompt, ids, config);
  check_given(request.given, layout, config);
  if (request.most_generated < 0) {
    refuse("the limit of generated tokens is " + std::to_string(request.most_generated) +
           ", must be at least 0");
  }
}

void validate_drawn(const std::vector<std::int32_t>& drawn, const DecodeRequest& request,
                    const sampling::PictureLayout& layout, const checkpoint::ModelConfig& config) {
  const auto count = static_cast<std::int64_t>(drawn.size());
  const std::int64_t room = std::int64_t{layout.rows()} * layout.columns() -
                            static_cast<std::int64_t>(request.given.size());
  if (count == 0 || count % layout.columns() != 0 || count > room) {
    refuse(std::to_string(count) + " codes are no whole rows of " +
           std::to_string(layout.columns()) + ", one to " +
           std::to_string(room / layout.columns()));
  }
  check_codes("image", drawn, config);
}

void require_lasting_positions(const checkpoint::ModelConfig& config, std::int64_t positions) {
  if (config.rope_scaling.type != checkpoint::RopeScaling::Type::kDynamic ||
      positions <= config.max_position_embeddings) {
    return;
  }
  refuse("the picture needs " + std::to_string(positions) + " positions, more than the " +
         std::to_string(config.max_position_embeddings) +
         " of the model, whose dynamic rotary scaling leaves only sequential decoding");
}

}  // namespace lumina::decoding
