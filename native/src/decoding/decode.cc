#include "decoding/decode.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <utility>

#include "decoding/context.h"
#include "decoding/header.h"
#include "decoding/picture.h"
#include "decoding/sequential.h"
#include "lumina/status.h"
#include "sampling/chain.h"
#include "sampling/options.h"
#include "sampling/picture_layout.h"

namespace lumina::decoding {
namespace {

using sampling::PictureLayout;

constexpr std::int64_t kReferenceLimit = 10240;  // max_new_tokens of the reference

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::kInvalidArgument, message);
}

void check_ids(const TokenIds& ids, const checkpoint::ModelConfig& config) {
  for (const std::int32_t id : {ids.image_start, ids.image_end, ids.new_line}) {
    if (id < 0 || id >= config.vocab_size) {
      refuse("structure token " + std::to_string(id) + " is outside the vocabulary of " +
             std::to_string(config.vocab_size));
    }
  }
}

void check_prompt(const DecodeRequest& request, const TokenIds& ids,
                  const checkpoint::ModelConfig& config) {
  if (request.prompt.empty()) refuse("the prompt has no token");
  for (const std::int32_t id : request.prompt) {
    if (id < 0 || id >= config.vocab_size) {
      refuse("prompt token " + std::to_string(id) + " is outside the vocabulary of " +
             std::to_string(config.vocab_size));
    }
    if (id == ids.image_start || id == ids.image_end) {
      refuse("prompt token " + std::to_string(id) + " starts or ends a picture");
    }
  }
}

void check_given(const DecodeRequest& request, const PictureLayout& layout,
                 const checkpoint::ModelConfig& config) {
  const auto count = static_cast<std::int64_t>(request.given.size());
  if (count % layout.columns() != 0 || count / layout.columns() >= layout.rows()) {
    refuse(std::to_string(count) + " given codes are no whole rows of " +
           std::to_string(layout.columns()) + ", fewer than " + std::to_string(layout.rows()));
  }
  for (const std::int32_t code : request.given) {
    if (code < 0 || code >= config.image_codebook_size) {
      refuse("given code " + std::to_string(code) + " is outside the codebook of " +
             std::to_string(config.image_codebook_size));
    }
  }
}

std::vector<std::int32_t> joined(std::vector<std::int32_t> first,
                                 const std::vector<std::int32_t>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

void report_prefill(const Monitor& monitor, const PictureLayout& layout, int rows_done) {
  Progress progress;
  progress.phase = Progress::kPrefill;
  progress.rows_done = rows_done;
  progress.rows_total = layout.rows();
  monitor.report(progress);
}

void require_rows(const Picture& picture, std::int64_t limit) {
  throw Error(ErrorCode::kIncomplete, "the picture has " + std::to_string(picture.rows_done()) +
                                          " of " + std::to_string(picture.layout().rows()) +
                                          " rows: the limit of " + std::to_string(limit) +
                                          " tokens is reached");
}

}  // namespace

CacheNeed cache_need(const DecodeRequest& request) {
  const PictureLayout layout(request.grid_rows, request.grid_columns);
  // END is never fed.
  return {sampling::resolve(request.sampling).guided() ? 2 : 1,
          static_cast<std::int64_t>(request.prompt.size()) + layout.length() - 1};
}

Decoded decode(const model::Transformer& model, std::unique_ptr<model::KvCache>& cache,
               const TokenIds& ids, const DecodeRequest& request, const Monitor& monitor) {
  const c10::InferenceMode guard;
  const checkpoint::ModelConfig& config = model.config();
  const sampling::Settings settings = sampling::resolve(request.sampling);
  sampling::Chain chain(settings);

  PictureLayout layout(request.grid_rows, request.grid_columns);
  std::vector<std::int32_t> header = sampling::header_tokens(layout, ids);
  check_ids(ids, config);
  check_prompt(request, ids, config);
  check_given(request, layout, config);

  Picture::Setup setup;
  setup.ids = ids;
  setup.codes = {static_cast<std::int32_t>(config.image_token_offset),
                 static_cast<std::int32_t>(config.image_codebook_size)};
  setup.given = sampling::row_tokens(layout, ids, setup.codes.first, request.given);
  // A given half fixes the header; only a picture from text alone has one to draw.
  const bool drawn = settings.mode == sampling::Mode::kReference && request.given.empty();
  setup.most_generated = request.most_generated;
  if (setup.most_generated == 0 && settings.mode == sampling::Mode::kReference) {
    setup.most_generated = kReferenceLimit;
  }

  const CacheNeed need = cache_need(request);
  model.make_cache(cache, need.rows, need.capacity);
  Context context(model, *cache, monitor);
  const int given_rows = static_cast<int>(request.given.size()) / layout.columns();
  const double begin = monitor.seconds();
  report_prefill(monitor, layout, given_rows);

  // The row without text starts at image start, position 0, and sees given rows too: guidance acts
  // on the text alone (spec 7.4).
  Stats stats;
  double prefilled;
  if (drawn) {
    context.add_row(request.prompt);
    context.advance();
    stats.prompt_tokens = context.length(0);
    prefilled = monitor.seconds();
    const std::int64_t prefill_passes = context.passes();
    const DrawnHeader result =
        draw_header(model, context, chain, monitor, ids, setup.most_generated);
    layout = result.layout;
    header = result.tokens;
    setup.generated_before = result.generated;
    const std::int64_t body = std::min(layout.body_length(), setup.most_generated);
    cache->reserve(context.length(0) + body);
    if (settings.guided()) context.add_row(header);
    stats.passes = -prefill_passes;
  } else {
    const std::vector<std::int32_t> start = joined(header, setup.given);
    context.add_row(joined(request.prompt, start));
    if (settings.guided()) context.add_row(start);
    context.advance();
    stats.prompt_tokens = context.length(0);
    prefilled = monitor.seconds();
    stats.passes = -context.passes();
  }
  setup.layout = layout;

  Picture picture(model, context, chain, monitor, setup);
  picture.report(Progress::kDecode);
  Sequential().draw(picture);

  if (!picture.complete() && !request.allow_partial) require_rows(picture, setup.most_generated);

  Decoded decoded;
  decoded.codes = sampling::body_codes(layout, setup.codes.first, picture.body());
  decoded.rows_expected = layout.rows();
  decoded.complete = picture.complete();
  decoded.tokens = joined(header, picture.body());
  stats.generated_tokens = picture.generated();
  stats.passes += context.passes();
  stats.prefill_seconds = prefilled - begin;
  stats.decode_seconds = monitor.seconds() - prefilled;
  decoded.stats = stats;
  return decoded;
}

}  // namespace lumina::decoding
