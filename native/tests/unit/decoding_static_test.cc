// Steps without a decision of the host draw what the host's strategies draw, pass for pass.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <limits>

#include "decoding/decode.h"
#include "decoding/gumbel.h"
#include "model/static_memory.h"
#include "support/expect_error.h"
#include "support/recipe_model.h"

namespace lumina::decoding {
namespace {

using lumina::testing::expect_error;

DecodeRequest request_of(const char* mode, int window) {
  DecodeRequest request;
  request.prompt = {200, 201, 202, 203, 204};
  request.grid_rows = 2;
  request.grid_columns = 2;
  request.sampling.image_top_k = 100;
  request.sampling.seed = 7;
  request.decoding.mode = mode;
  request.decoding.window = window;
  return request;
}

std::vector<Decoded> draw(const model::Transformer& model, DecodeRequest request, bool static_steps,
                          int count = 1) {
  request.static_steps = static_steps;
  KeptCache cache;
  return decode(model, cache, lumina::testing::tiny_token_ids(), request, count, Monitor());
}

void expect_same(const model::Transformer& model, const DecodeRequest& request, int count = 1) {
  const std::vector<Decoded> host = draw(model, request, false, count);
  const std::vector<Decoded> steps = draw(model, request, true, count);
  ASSERT_EQ(steps.size(), host.size());
  for (std::size_t i = 0; i < host.size(); ++i) {
    EXPECT_EQ(steps[i].tokens, host[i].tokens) << "picture " << i;
    EXPECT_EQ(steps[i].codes.values, host[i].codes.values);
    EXPECT_EQ(steps[i].complete, host[i].complete);
    EXPECT_EQ(steps[i].stats.generated_tokens, host[i].stats.generated_tokens);
  }
  if (request.decoding.mode == std::string("gum")) {
    EXPECT_EQ(steps[0].stats.passes, host[0].stats.passes);
    EXPECT_EQ(steps[0].stats.codes_per_pass, host[0].stats.codes_per_pass);
  }
}

const model::Transformer& tiny_model() {
  static const model::Transformer model =
      lumina::testing::recipe_transformer(lumina::testing::tiny_config());
  return model;
}

TEST(StaticSteps, DrawWhatTheHostDraws) {
  for (const auto& [mode, window] :
       {std::pair{"sequential", 0}, std::pair{"gum", 4}, std::pair{"gum", 16}}) {
    for (const double guidance : {4.0, 1.0}) {
      for (const double temperature : {1.0, 0.7}) {
        for (const int top_k : {1, 100, 100000}) {
          DecodeRequest request = request_of(mode, window);
          request.sampling.guidance_scale = guidance;
          request.sampling.temperature = temperature;
          request.sampling.image_top_k = top_k;
          SCOPED_TRACE(std::string(mode) + " " + std::to_string(guidance) + " " +
                       std::to_string(temperature) + " " + std::to_string(top_k));
          expect_same(tiny_model(), request);
        }
      }
    }
  }
}

TEST(StaticSteps, GivenRowsAndSeveralPicturesToo) {
  for (const auto& [mode, window] : {std::pair{"sequential", 0}, std::pair{"gum", 8}}) {
    SCOPED_TRACE(mode);
    DecodeRequest request = request_of(mode, window);
    for (int i = 0; i < 3 * 8; ++i) request.given.push_back(i * 31 % 512);
    expect_same(tiny_model(), request);
    expect_same(tiny_model(), request, 3);
  }
}

TEST(StaticSteps, AHeaderThatTheModelDrawsComesFirst) {
  DecodeRequest request = request_of("gum", 8);
  request.sampling.mode = "reference";
  request.sampling.guidance_schedule = "reference";
  request.most_generated = 60;
  request.allow_partial = true;
  const auto outcome = [&](bool static_steps) {
    try {
      return draw(tiny_model(), request, static_steps)[0].tokens;
    } catch (const Error& error) {  // this model does not draw one: in the same words
      return std::vector<std::int32_t>(error.what(), error.what() + 8);
    }
  };
  EXPECT_EQ(outcome(true), outcome(false));
}

TEST(StaticSteps, ALimitEndsThem) {
  for (const auto& [mode, window] : {std::pair{"sequential", 0}, std::pair{"gum", 8}}) {
    DecodeRequest request = request_of(mode, window);
    request.most_generated = 21;  // two rows of 8 codes and a newline, and 3 more
    request.allow_partial = true;
    expect_same(tiny_model(), request);
  }
}

TEST(StaticSteps, SharedHeadsAndARoundedCache) {
  checkpoint::ModelConfig config = lumina::testing::tiny_config();
  config.num_key_value_heads = 2;
  expect_same(lumina::testing::recipe_transformer(config), request_of("gum", 8));
  model::Storage storage = at::kFloat;
  storage.round_cache = true;
  expect_same(lumina::testing::changed_transformer(
                  config, [](const std::string&, std::vector<float>&) {}, storage),
              request_of("sequential", 0));
}

TEST(StaticSteps, OtherModesAreTheHosts) {
  for (const char* mode : {"mc", "sjd", "ref"}) expect_same(tiny_model(), request_of(mode, 8));
  DecodeRequest request = request_of("gum", 8);
  request.decoding.initialization = "above";
  expect_same(tiny_model(), request);
}

TEST(StaticSteps, ABrokenLogitIsToldWithTheStep) {
  const model::Transformer broken = lumina::testing::changed_transformer(
      lumina::testing::tiny_config(), [](const std::string& name, std::vector<float>& values) {
        if (name == "lm_head.weight") {
          values[600 * 64] = std::numeric_limits<float>::quiet_NaN();
        }
      });
  expect_error(ErrorCode::kNumerical, "step 1",
               [&] { draw(broken, request_of("sequential", 0), true); });
}

TEST(StaticSteps, AStopTakesEffect) {
  struct Stopper : Observer {
    bool on_progress(const Progress& progress) override { return progress.rows_done < 2; }
  } stopper;
  DecodeRequest request = request_of("gum", 8);
  request.static_steps = true;
  KeptCache cache;
  const auto ids = lumina::testing::tiny_token_ids();
  expect_error(ErrorCode::kCancelled, "",
               [&] { decode(tiny_model(), cache, ids, request, 1, Monitor(&stopper)); });
  // The prompt is still known, and what was drawn after it does not show.
  const Decoded again = decode(tiny_model(), cache, ids, request, 1, Monitor()).front();
  EXPECT_EQ(again.tokens, draw(tiny_model(), request, false)[0].tokens);
}

TEST(StaticMemory, AttendsToWhatIsUsedAlone) {
  const at::Tensor positions = at::tensor({2, 3, 0, 1}, at::kLong).view({2, 2});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto buffer = [&](int salt) {
    at::Tensor numbers = at::sin(at::arange(2 * 2 * 6 * 4, at::kFloat) * (1.0 + salt));
    numbers = numbers.view({2, 2, 6, 4}).clone();
    numbers[0].narrow(1, 4, 2).fill_(nan);
    numbers[1].narrow(1, 2, 4).fill_(nan);
    return numbers;
  };
  const at::Tensor keys = buffer(1), values = buffer(2);
  const at::Tensor q = at::cos(at::arange(2 * 4 * 2 * 4, at::kFloat)).view({2, 4, 2, 4});
  const at::Tensor out = model::attend_at_plain(q, keys, values, positions);
  for (int row = 0; row < 2; ++row) {
    for (int head = 0; head < 4; ++head) {
      for (int w = 0; w < 2; ++w) {
        const std::int64_t visible = positions[row][w].item<std::int64_t>() + 1;
        const at::Tensor k = keys[row][head / 2].narrow(0, 0, visible);
        const at::Tensor v = values[row][head / 2].narrow(0, 0, visible);
        const at::Tensor expected =
            at::matmul(at::softmax(at::matmul(k, q[row][head][w]) / 2.0, 0), v);
        EXPECT_TRUE(at::allclose(out[row][head][w], expected, 1e-5, 1e-6));
      }
    }
  }
}

TEST(Gumbel, IsTheNoiseOfEachPlace) {
  const at::Tensor seeds = at::tensor({7, -1}, at::kLong);
  const at::Tensor positions = at::tensor({2, 9, 30, 5}, at::kLong).view({2, 2});
  const at::Tensor noise = at::empty({2, 2, 10}, at::kDouble);
  fill_gumbel(seeds, positions, sampling::NoiseStream::kPicture, 513, noise);
  for (int p = 0; p < 2; ++p) {
    for (int w = 0; w < 2; ++w) {
      const auto position = static_cast<std::uint32_t>(positions[p][w].item<std::int64_t>());
      const auto seed = static_cast<std::uint64_t>(seeds[p].item<std::int64_t>());
      sampling::GumbelNoise one(seed, sampling::NoiseStream::kPicture, position);
      for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(noise[p][w][i].item<double>(), one(513 + i));
      }
    }
  }
}

}  // namespace
}  // namespace lumina::decoding
