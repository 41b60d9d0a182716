// How likely the model says a picture is: one pass over all of its codes, instead of one for each.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "decoding/decode.h"
#include "decoding/monitor.h"
#include "lumina/types.h"
#include "model/kv_cache.h"
#include "model/transformer.h"

namespace lumina::decoding {

// Tokens whose logits exist at once; more would not be faster.
constexpr std::int64_t kLikelihoodWindow = 256;

// The mean of ln p over the codes `drawn`, whole rows that follow request.given: p is the softmax
// over the image codes of the guided logits, as in sampling, but before top-k and at temperature 1.
// Header, newlines and end are no choice of the model and do not count, nor do the given codes.
// Beyond these differences, the mean of what decode() knew at each step; how it decodes and its
// seed play no part. `cache` as for decode(). Throws Error: kInvalidArgument, kCancelled,
// kNumerical with the step, kOutOfMemory.
double log_likelihood(const model::Transformer& model, KeptCache& cache, const TokenIds& ids,
                      const DecodeRequest& request, const std::vector<std::int32_t>& drawn,
                      const Monitor& monitor, std::int64_t window = kLikelihoodWindow);

}  // namespace lumina::decoding
