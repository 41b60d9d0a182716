// Bodies of pictures decoded from a stand-in for the model.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "decoding/draft_window.h"
#include "decoding/options.h"
#include "decoding/place_sampler.h"
#include "support/plain_stand_in_model.h"

namespace lumina::testing {

inline constexpr std::int32_t kFirstCode = 100;

// One kind of picture.
struct Body {
  sampling::PictureLayout layout{1, 1};
  StandInModel::Shape model;
  sampling::Settings settings;      // the seed is run()'s
  std::vector<std::int32_t> given;  // body tokens
  std::int64_t most = 0;            // stop at this length; 0: at the end

  std::int64_t stop() const { return most > 0 ? most : layout.body_length(); }
  sampling::CodeRange codes() const { return {kFirstCode, model.codes}; }
};

TokenIds body_token_ids();  // image start 1, image end 2, newline 3, grid tokens from 16 on
std::int32_t token_before(const Body& body);

// Body tokens, given ones included, one code at a time.
std::vector<std::int32_t> run_sequential(const Body& body, std::uint64_t seed);

using RuleMaker = std::function<std::unique_ptr<decoding::DraftRule>(decoding::PlaceSampler&)>;

struct WindowRun {
  std::vector<std::int32_t> tokens;
  std::vector<std::size_t> codes_per_pass;  // in order
  double shift = 0.0;
};

// The same by a window; `make_rule` replaces the mode's rule if it is set.
WindowRun run_window(const Body& body, const decoding::Speculation& speculation, std::uint64_t seed,
                     const RuleMaker& make_rule = {});

// The law of the code behind `tokens`, body tokens from the start.
sampling::Law law_behind(const Body& body, const std::vector<std::int32_t>& tokens);

}  // namespace lumina::testing
