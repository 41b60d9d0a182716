// attend() against its definition in float64.
#include "model/attention.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

namespace lumina::model {
namespace {

struct Case {
  std::int64_t heads;
  std::int64_t kv_heads;
  std::int64_t start;
  std::int64_t length;
  std::int64_t d = 16;
};

// values of [n, length, d] that depend on nothing but their place
at::Tensor numbers(std::int64_t n, std::int64_t length, std::int64_t d, double phase) {
  return at::sin(at::arange(n * length * d, at::kDouble) * 0.7311 + phase).view({n, length, d}) *
         2.0;
}

// Token t sees keys 0 .. start + t; head h uses key/value head h / (heads / kv_heads).
at::Tensor definition(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                      std::int64_t start) {
  at::Tensor out = at::zeros_like(q);
  for (std::int64_t h = 0; h < q.size(0); ++h) {
    const std::int64_t shared = h / (q.size(0) / k.size(0));
    for (std::int64_t t = 0; t < q.size(1); ++t) {
      const at::Tensor seen = k[shared].narrow(0, 0, start + t + 1);
      const at::Tensor weights =
          at::softmax(at::mv(seen, q[h][t]) / std::sqrt(static_cast<double>(q.size(2))), 0);
      out[h][t].copy_(at::mv(v[shared].narrow(0, 0, start + t + 1).t(), weights));
    }
  }
  return out;
}

class AttentionCases : public ::testing::TestWithParam<Case> {};

TEST_P(AttentionCases, AgreesWithTheDefinition) {
  const Case c = GetParam();
  const at::Tensor q = numbers(c.heads, c.length, c.d, 0.1);
  const at::Tensor k = numbers(c.kv_heads, c.start + c.length, c.d, 0.2);
  const at::Tensor v = numbers(c.kv_heads, c.start + c.length, c.d, 0.3);
  const at::Tensor expected = definition(q, k, v, c.start);

  const auto run = [&](at::ScalarType dtype) {
    const Window window = make_window({0}, {c.start}, c.length, Rotation());
    const at::Tensor out =
        attend(q.to(dtype).unsqueeze(0), {k.to(dtype)}, {v.to(dtype)}, window.masks);
    return out[0].to(at::kDouble);
  };
  EXPECT_LT((run(at::kFloat) - expected).abs().max().item<double>(), 5e-6);
  EXPECT_LT((run(at::kBFloat16) - expected).abs().max().item<double>(), 4e-2);

  // 8-bit keys and values: what they stand for is attended to as exactly as other numbers are.
  const CachedHeads keys = round_heads(k);
  const CachedHeads values = round_heads(v);
  const auto meant = [](const CachedHeads& x) {
    return x.values.to(at::kDouble) * x.scale.to(at::kDouble).unsqueeze(2);
  };
  const Window window = make_window({0}, {c.start}, c.length, Rotation());
  const at::Tensor rounded =
      attend(q.to(at::kFloat).unsqueeze(0), {keys}, {values}, window.masks)[0].to(at::kDouble);
  EXPECT_LT(
      (rounded - definition(q, meant(keys), meant(values), c.start)).abs().max().item<double>(),
      5e-6);
  EXPECT_LT((rounded - expected).abs().max().item<double>(), 6e-2);
}

INSTANTIATE_TEST_SUITE_P(Shapes, AttentionCases,
                         ::testing::Values(Case{4, 4, 0, 1},    // the first token
                                           Case{4, 4, 0, 33},   // a prompt
                                           Case{4, 4, 300, 1},  // a step
                                           Case{4, 4, 300, 2},  // a code and its newline
                                           Case{4, 4, 17, 40},  // a window
                                           Case{4, 4, 90, 64},  // the widest
                                           Case{4, 4, 90, 65},  // wider than any
                                           Case{6, 2, 0, 33},   // shared key/value heads
                                           Case{6, 2, 300, 1},  //
                                           Case{6, 2, 17, 40},  //
                                           Case{8, 1, 700, 5},
                                           Case{4, 4, 300, 1, 128},   // the 7B model's heads
                                           Case{4, 4, 300, 2, 128},   //
                                           Case{4, 4, 300, 3, 64},    // the 2B model's
                                           Case{6, 2, 30, 1, 208},    //
                                           Case{4, 4, 300, 2, 24},    // no multiple of 16
                                           Case{4, 4, 2, 5, 128},     //
                                           Case{12, 12, 40, 9, 64}),  // one key/value head for all
                         [](const auto& test) {
                           const Case& c = test.param;
                           return std::to_string(c.heads) + "_heads_" + std::to_string(c.kv_heads) +
                                  "_kv_" + std::to_string(c.start) + "_before_" +
                                  std::to_string(c.length) + "_new_" + std::to_string(c.d);
                         });

TEST(AttentionWindow, OnlyWindowsBehindOtherTokensCarryAMask) {
  const Window step = make_window({0, 1}, {5, 0}, 1, Rotation());
  EXPECT_FALSE(step.masks[0].defined());
  EXPECT_FALSE(step.masks[1].defined());
  const Window window = make_window({0, 1}, {2, 0}, 2, Rotation());
  EXPECT_FALSE(window.masks[1].defined());
  const at::Tensor visible = window.masks[0] == 0;
  const at::Tensor expected = at::tensor({1, 1, 1, 0, 1, 1, 1, 1}).view({2, 4}) == 1;
  EXPECT_TRUE(at::equal(visible, expected));
}

}  // namespace
}  // namespace lumina::model
