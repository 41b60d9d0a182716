#include "support/plain_body_run.h"

#include <stdexcept>

#include "sampling/chain.h"
#include "sampling/structure.h"

namespace lumina::testing {
namespace {

using decoding::PlaceSampler;

decoding::CodeLogits first_of(const decoding::WindowLogits& logits) {
  return {logits.conditional, logits.unconditional};
}

sampling::Chain chain_for(const Body& body, std::uint64_t seed) {
  sampling::Settings settings = body.settings;
  settings.seed = seed;
  return sampling::Chain(settings);
}

std::vector<std::int32_t> with_token_before(const Body& body,
                                            const std::vector<std::int32_t>& tokens) {
  std::vector<std::int32_t> all = {token_before(body)};
  all.insert(all.end(), tokens.begin(), tokens.end());
  return all;
}

// Appends the tokens that have to come next.
void append_forced(const Body& body, std::vector<std::int32_t>& tokens) {
  while (static_cast<std::int64_t>(tokens.size()) < body.stop()) {
    const auto allowed = sampling::allowed_in_body(
        body.layout, static_cast<std::int64_t>(tokens.size()), body_token_ids(), body.codes());
    if (!allowed.forced()) return;
    tokens.push_back(allowed.first);
  }
}

}  // namespace

TokenIds body_token_ids() {
  TokenIds ids;
  ids.image_start = 1;
  ids.image_end = 2;
  ids.new_line = 3;
  for (std::size_t n = 0; n < ids.grid.size(); ++n) ids.grid[n] = 16 + static_cast<int>(n);
  return ids;
}

std::int32_t token_before(const Body& body) {
  return body_token_ids().grid[body.layout.grid_columns()];
}

std::vector<std::int32_t> run_sequential(const Body& body, std::uint64_t seed) {
  sampling::Chain chain = chain_for(body, seed);
  PlaceSampler sampler(chain, body.layout, body.codes(),
                       static_cast<std::int64_t>(body.given.size()));
  StandInModel model(body.model);
  std::vector<std::int32_t> tokens = body.given;
  while (static_cast<std::int64_t>(tokens.size()) < body.stop()) {
    const auto logits = first_of(model.behind(with_token_before(body, tokens)));
    tokens.push_back(sampler.choose(static_cast<std::int64_t>(tokens.size()), logits));
    append_forced(body, tokens);
  }
  return tokens;
}

WindowRun run_window(const Body& body, const decoding::Speculation& speculation, std::uint64_t seed,
                     const RuleMaker& make_rule) {
  sampling::Chain chain = chain_for(body, seed);
  PlaceSampler sampler(chain, body.layout, body.codes(),
                       static_cast<std::int64_t>(body.given.size()));
  const auto rule = make_rule ? make_rule(sampler) : decoding::make_rule(speculation, sampler);
  decoding::DraftWindow::Setup setup;
  setup.layout = body.layout;
  setup.ids = body_token_ids();
  setup.before = token_before(body);
  setup.given = body.given;
  setup.stop = body.stop();
  decoding::DraftWindow window(speculation, *rule, sampler, setup);
  StandInModel model(body.model);
  model.begin(with_token_before(body, body.given));

  WindowRun run;
  run.tokens = body.given;
  while (!window.done()) {
    const auto& codes = pass(window, speculation.window, model);
    run.codes_per_pass.push_back(codes.size());
    run.shift += window.shift();
    for (const std::int32_t code : codes) {
      run.tokens.push_back(code);
      append_forced(body, run.tokens);
    }
    if (static_cast<std::int64_t>(run.tokens.size()) != window.committed()) {
      throw std::logic_error("committed() is not what was committed");
    }
  }
  return run;
}

sampling::Law law_behind(const Body& body, const std::vector<std::int32_t>& tokens) {
  sampling::Chain chain = chain_for(body, 0);
  PlaceSampler sampler(chain, body.layout, body.codes(),
                       static_cast<std::int64_t>(body.given.size()));
  StandInModel model(body.model);
  sampling::Law law;
  sampler.law(static_cast<std::int64_t>(tokens.size()),
              first_of(model.behind(with_token_before(body, tokens))), law);
  return law;
}

}  // namespace lumina::testing
