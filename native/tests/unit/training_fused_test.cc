// The fused parts of the training network against their composed twins, values and gradients.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "device/blas_threads.h"
#include "training/fused.h"
#include "training/random.h"

namespace lumina::training {
namespace {

using Tensors = std::vector<at::Tensor>;
using Operation = std::function<at::Tensor(const Tensors&)>;

at::Tensor drawn(std::vector<std::int64_t> shape, const std::string& name) {
  at::Generator random = generator(7, name);
  return at::empty(shape, at::kFloat).normal_(0.3, 1.0, random);
}

// Both operations on the same inputs, and the gradients of the same weighted sum of the outputs.
void expect_equal(const Operation& fused, const Operation& composed, const Tensors& inputs) {
  const device::SingleThreadedBlas single;  // for ATen's own attention
  const auto run = [&](const Operation& operation) {
    Tensors leaves;
    for (const auto& input : inputs) leaves.push_back(input.detach().clone().requires_grad_(true));
    const at::Tensor out = operation(leaves);
    (out * drawn(out.sizes().vec(), "weights")).sum().backward();
    Tensors results{out.detach()};
    for (const auto& leaf : leaves) results.push_back(leaf.grad());
    return results;
  };
  const Tensors actual = run(fused), expected = run(composed);
  for (std::size_t i = 0; i < actual.size(); ++i) {
    ASSERT_EQ(actual[i].sizes(), expected[i].sizes()) << i;
    const double scale = std::max(1.0, expected[i].abs().max().item<double>());
    EXPECT_LT((actual[i] - expected[i]).abs().max().item<double>(), 2e-5 * scale)
        << (i == 0 ? "output" : "gradient of input ") << i;
  }
}

TEST(TrainingFused, RmsNorm) {
  for (const std::int64_t rows : {1, 7, 200}) {
    expect_equal([](const Tensors& x) { return fused_rms_norm(x[0], x[1], 1e-5); },
                 [](const Tensors& x) { return composed_rms_norm(x[0], x[1], 1e-5); },
                 {drawn({2, rows, 48}, "x"), drawn({48}, "w")});
  }
}

TEST(TrainingFused, HeadNormWithRotation) {
  for (const std::int64_t shared : {1, 2, 4}) {
    const at::Tensor angle = drawn({1, 13, 1, 8}, "angle");
    const auto with = [&](auto operation) {
      return [=](const Tensors& x) {
        return operation(x[0], x[1], x[2], angle.cos(), angle.sin(), 1e-5);
      };
    };
    expect_equal(with(fused_head_norm_rotate), with(composed_head_norm_rotate),
                 {drawn({3, 13, 4, 16}, "x"), drawn({shared, 16}, "w"), drawn({shared, 16}, "b")});
  }
}

// One block of queries, several, and a last one that is short.
TEST(TrainingFused, CausalAttention) {
  for (const std::int64_t length : {1, 5, 128, 300}) {
    expect_equal([](const Tensors& x) { return causal_attention(x[0], x[1], x[2]); },
                 [](const Tensors& x) { return composed_causal_attention(x[0], x[1], x[2]); },
                 {drawn({2, 3, length, 16}, "q"), drawn({2, 3, length, 16}, "k"),
                  drawn({2, 3, length, 16}, "v")});
  }
}

}  // namespace
}  // namespace lumina::training
