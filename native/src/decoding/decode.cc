#include "decoding/decode.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "decoding/context.h"
#include "decoding/header.h"
#include "decoding/jacobi.h"
#include "decoding/options.h"
#include "decoding/picture.h"
#include "decoding/sequential.h"
#include "decoding/static_decoding.h"
#include "decoding/validate.h"
#include "lumina/status.h"
#include "sampling/chain.h"
#include "sampling/options.h"
#include "sampling/picture_layout.h"

namespace lumina::decoding {
namespace {

using sampling::PictureLayout;
using Tokens = std::vector<std::int32_t>;

constexpr double kReferenceSigmas = 1.0;         // of its speculative path alone
constexpr std::int64_t kReferenceLimit = 10240;  // max_new_tokens of the reference

Tokens joined(Tokens first, const Tokens& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

sampling::Settings settings_for(const DecodeRequest& request, const Speculation& speculation) {
  sampling::Settings settings = sampling::resolve(request.sampling);
  if (speculation.mode == Mode::kReference) settings.top_n_sigma = kReferenceSigmas;
  return settings;
}

std::unique_ptr<Strategy> make_strategy(const Speculation& speculation, bool static_steps) {
  if (static_steps) return std::make_unique<StaticDecoding>(speculation);
  if (speculation.on()) return std::make_unique<Jacobi>(speculation);
  return std::make_unique<Sequential>();
}

// What stands before the body, all of it in the context, and what it took to get there.
struct Start {
  PictureLayout layout;
  Tokens header;                   // image start and grid tokens
  Tokens given;                    // rows that exist
  std::int64_t generated = 0;      // tokens drawn: text and header
  std::int64_t prompt_tokens = 0;  // of the conditional row
  std::int64_t prefill_passes = 0;
  double prefilled = 0.0;  // when, on the monitor's clock
};

// Whether a picture from text alone draws its own header; a given half fixes it.
bool draws_header(const DecodeRequest& request) {
  return sampling::resolve(request.sampling).mode == sampling::Mode::kReference &&
         request.given.empty();
}

// One request from its prompt to the codes of its pictures.
class Run {
 public:
  Run(const model::Transformer& model, KeptCache& cache, const TokenIds& ids,
      const DecodeRequest& request, int count, const Monitor& monitor)
      : model_(model),
        cache_(cache),
        ids_(ids),
        request_(request),
        monitor_(monitor),
        begin_(monitor.seconds()),
        codes_(codes_of(model.config())),
        speculation_(resolve(request.decoding)),
        limit_(request.most_generated),
        context_(model, cache, monitor) {
    sampling::Settings settings = settings_for(request, speculation_);
    for (int i = 0; i < count; ++i, ++settings.seed) chains_.emplace_back(settings);
    if (limit_ == 0 && this->settings().mode == sampling::Mode::kReference)
      limit_ = kReferenceLimit;
  }

  std::vector<Decoded> operator()() {
    const Start start = draws_header(request_) ? drawn_start() : forced_start();
    std::vector<Picture> pictures;
    for (int i = 0; i < together(); ++i) {
      pictures.emplace_back(model_, context_, chains_[i], monitor_,
                            Picture::Setup{start.layout, ids_, codes_, start.given, start.generated,
                                           limit_, i, together()});
    }
    pictures.front().report(Progress::kDecode);
    const bool static_steps =
        request_.static_steps &&
        StaticDecoding::suits(speculation_, settings(), model_.config(), cache_.cache().capacity());
    make_strategy(speculation_, static_steps)->draw(pictures);
    std::vector<Decoded> results;
    for (const Picture& picture : pictures) results.push_back(result(start, picture));
    return results;
  }

 private:
  const sampling::Settings& settings() const { return chains_.front().settings(); }
  int together() const { return static_cast<int>(chains_.size()); }

  // Header and given rows are written.
  Start forced_start() {
    Start start;
    start.layout = PictureLayout(request_.grid_rows, request_.grid_columns);
    start.header = sampling::header_tokens(start.layout, ids_);
    start.given = sampling::row_tokens(start.layout, ids_, codes_.first, request_.given);
    context_.begin(request_.prompt, joined(start.header, start.given), settings().guided(),
                   together());
    prefill(start, start.layout.whole_rows(static_cast<std::int64_t>(start.given.size())),
            start.layout.rows());
    return start;
  }

  // The header is drawn, and the size with it; guidance and its row begin behind it.
  Start drawn_start() {
    Start start;
    context_.add_row(request_.prompt);
    prefill(start, 0, /*rows_total=*/0);
    const DrawnHeader drawn =
        draw_header(model_, context_, chains_.front(), monitor_, ids_, limit_);
    start.layout = drawn.layout;
    start.header = drawn.tokens;
    start.generated = drawn.generated;
    const std::int64_t capacity = context_.length(0) + speculation_.window +
                                  std::min(start.layout.body_length(), limit_ - start.generated);
    if (speculation_.on()) require_lasting_positions(model_.config(), capacity);
    cache_.cache().reserve(capacity);
    if (settings().guided()) context_.add_row(start.header);
    return start;
  }

  void prefill(Start& start, int rows_done, int rows_total) {
    Progress progress;
    progress.phase = Progress::kPrefill;
    progress.pictures = together();
    progress.rows_done = rows_done;
    progress.rows_total = rows_total;
    progress.codes = request_.given.data();
    progress.codes_done = static_cast<std::int64_t>(request_.given.size());
    if (rows_total > 0) progress.columns = request_.grid_columns * PictureLayout::kCodesPerCell;
    monitor_.report(progress);
    context_.advance();
    start.prompt_tokens = context_.length(0);
    start.prefill_passes = context_.passes();
    start.prefilled = monitor_.seconds();
  }

  Decoded result(const Start& start, const Picture& picture) const {
    // Without a whole row there is no picture, not even a partial one.
    if (!picture.complete() && (!request_.allow_partial || picture.rows_done() == 0)) {
      throw Error(ErrorCode::kIncomplete, "the picture has " + std::to_string(picture.rows_done()) +
                                              " of " + std::to_string(start.layout.rows()) +
                                              " rows: the limit of " + std::to_string(limit_) +
                                              " tokens is reached");
    }
    Decoded decoded;
    decoded.codes = sampling::body_codes(start.layout, codes_.first, picture.body());
    decoded.rows_expected = start.layout.rows();
    decoded.complete = picture.complete();
    decoded.tokens = joined(start.header, picture.body());
    decoded.stats = picture.stats();
    decoded.stats.prompt_tokens = start.prompt_tokens;
    decoded.stats.generated_tokens = picture.generated();
    decoded.stats.passes = context_.passes() - start.prefill_passes;
    decoded.stats.window = std::max(speculation_.window, 1);
    decoded.stats.together = together();
    decoded.stats.prefill_seconds = (start.prefilled - begin_) / together();
    decoded.stats.decode_seconds = (monitor_.seconds() - start.prefilled) / together();
    return decoded;
  }

  const model::Transformer& model_;
  KeptCache& cache_;
  const TokenIds& ids_;
  const DecodeRequest& request_;
  const Monitor& monitor_;
  double begin_;
  sampling::CodeRange codes_;
  Speculation speculation_;
  std::vector<sampling::Chain> chains_;  // of each picture
  std::int64_t limit_;                   // of generated tokens; 0: none
  Context context_;
};

}  // namespace

CacheNeed cache_need(const DecodeRequest& request, int count) {
  const PictureLayout layout(request.grid_rows, request.grid_columns);
  // END is never fed, but a window reaches beyond it, and steps that are done ahead feed it.
  const int beyond = std::max(resolve(request.decoding).window, request.static_steps ? 1 : 0);
  return {count * (sampling::resolve(request.sampling).guided() ? 2 : 1),
          static_cast<std::int64_t>(request.prompt.size()) + layout.length() - 1 + beyond};
}

int most_together(const DecodeRequest& request) {
  return draws_header(request) ? 1 : resolve(request.decoding).together;
}

std::vector<Decoded> decode(const model::Transformer& model, KeptCache& cache, const TokenIds& ids,
                            const DecodeRequest& request, int count, const Monitor& monitor) {
  const c10::InferenceMode guard;
  if (count < 1 || (count > 1 && draws_header(request))) {
    throw Error(ErrorCode::kInvalidArgument,
                std::to_string(count) + " pictures cannot be drawn side by side");
  }
  const CacheNeed need = cache_need(request, count);
  validate(request, PictureLayout(request.grid_rows, request.grid_columns), ids, model.config());
  if (resolve(request.decoding).on()) require_lasting_positions(model.config(), need.capacity);
  cache.make(model, need.rows, need.capacity);
  return Run(model, cache, ids, request, count, monitor)();
}

Decoded decode(const model::Transformer& model, KeptCache& cache, const TokenIds& ids,
               const DecodeRequest& request, const Monitor& monitor) {
  return std::move(decode(model, cache, ids, request, 1, monitor).front());
}

}  // namespace lumina::decoding
