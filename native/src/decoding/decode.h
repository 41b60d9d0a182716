// From a prompt to the codes of a picture.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "decoding/kept_cache.h"
#include "decoding/monitor.h"
#include "lumina/types.h"
#include "model/transformer.h"

namespace lumina::decoding {

struct DecodeRequest {
  std::vector<std::int32_t> prompt;  // token ids: BOS, text, separator
  int grid_rows = 8;                 // size of the whole picture in cells of 32 pixels
  int grid_columns = 8;
  // Codes 0 .. codebook size - 1 of the first rows, row-major [n * 4 * grid_columns]; empty: none.
  std::vector<std::int32_t> given;
  SamplingOptions sampling;
  DecodingOptions decoding;
  bool allow_partial =
      false;  // an unfinished picture of at least one row is a result, not an error
  // Steps that need no decision of the host, where they can draw this: for models on a GPU.
  bool static_steps = false;
  // Stop after this many generated tokens. 0: none if the header is forced, 10240, the reference's
  // limit, if it is drawn.
  std::int64_t most_generated = 0;
};

struct Decoded {
  Codes codes;  // whole rows only, given ones included
  int rows_expected = 0;
  bool complete = false;
  // START .. the last token of the picture, given rows and header included.
  std::vector<std::int32_t> tokens;
  Stats stats;  // tokens, passes, prefill and decode seconds; the rest is the caller's
};

// Makes `count` pictures side by side, of the request's seed and those that follow it; one alone if
// its header is drawn. `cache` is reused if it is large enough and replaced otherwise; it stays
// with the caller for the next request, which need not compute the same prompt, size and given rows
// again. Throws Error: kInvalidArgument, kCancelled, kIncomplete with the number of rows that
// exist, kNumerical with the step, kOutOfMemory.
std::vector<Decoded> decode(const model::Transformer& model, KeptCache& cache, const TokenIds& ids,
                            const DecodeRequest& request, int count, const Monitor& monitor);
// Makes one.
Decoded decode(const model::Transformer& model, KeptCache& cache, const TokenIds& ids,
               const DecodeRequest& request, const Monitor& monitor);
// How many pictures of a request to draw side by side at most, if memory has room for their caches.
int most_together(const DecodeRequest& request);

// Cache rows and positions that decode() asks for; for memory checks before a request.
struct CacheNeed {
  int rows = 0;
  std::int64_t capacity = 0;
};
CacheNeed cache_need(const DecodeRequest& request, int count = 1);

}  // namespace lumina::decoding
