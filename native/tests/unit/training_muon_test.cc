// Muon: what it makes of a matrix, against a singular value decomposition, and its updates.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/recipe_model.h"
#include "support/temporary_folder.h"
#include "support/training_data.h"
#include "training/muon.h"
#include "training/optimiser.h"
#include "training/random.h"

namespace lumina::training {
namespace {

at::Tensor drawn(std::int64_t rows, std::int64_t columns) {
  at::Generator random = generator(5, Draw::kDropout, static_cast<std::uint64_t>(rows), 0);
  return at::empty({rows, columns}).normal_(0.0, 1e-3, random);
}

// The polynomial of the iteration, on one singular value.
double iterated(double s) {
  for (int step = 0; step < 5; ++step) {
    s = 3.4445 * s - 4.7750 * s * s * s + 2.0315 * s * s * s * s * s;
  }
  return s;
}

TEST(Muon, KeepsSingularVectorsAndLevelsSingularValues) {
  const at::NoGradGuard no_grad;
  for (const auto& [rows, columns] :
       {std::pair{16, 16}, {8, 40}, {40, 8}, {1, 5}, {5, 1}, {96, 64}}) {
    SCOPED_TRACE(::testing::Message() << rows << "x" << columns);
    const at::Tensor matrix = drawn(rows, columns);
    const auto [u, s, v] = at::linalg_svd(matrix.to(at::kDouble), /*full_matrices=*/false);
    const double norm = matrix.to(at::kDouble).norm().item<double>();
    at::Tensor levelled = s.clone();
    for (std::int64_t i = 0; i < s.numel(); ++i) {
      levelled[i] = iterated(s[i].item<double>() / norm);
    }
    const at::Tensor expected = at::mm(u * levelled, v);
    const at::Tensor actual = orthogonalised(matrix);
    EXPECT_EQ(actual.scalar_type(), at::kFloat);
    // bf16, five times over: errors of some per cent of a singular value.
    EXPECT_LT((actual - expected).norm().item<double>(), 0.06 * expected.norm().item<double>());
    if (rows != columns) {  // square ones have singular values near 0
      const at::Tensor after = at::linalg_svdvals(actual.to(at::kDouble));
      EXPECT_GT(after.min().item<double>(), 0.6);
      EXPECT_LT(after.max().item<double>(), 1.3);
    }
  }
}

TEST(Muon, AllZerosStayZerosAndScaleDoesNotMatter) {
  const at::NoGradGuard no_grad;
  EXPECT_EQ(orthogonalised(at::zeros({4, 6})).abs().max().item<double>(), 0.0);
  const at::Tensor matrix = drawn(12, 20);
  EXPECT_TRUE(at::equal(orthogonalised(matrix), orthogonalised(matrix * 1024.0)));
}

TEST(Muon, UpdatesTheMatricesOfTheLayersAndLeavesTheRestToAdamW) {
  const lumina::testing::TemporaryFolder folder;
  const auto records = lumina::testing::write_token_records(folder, "records.safetensors",
                                                            lumina::testing::tiny_examples(12));
  const auto task = [&] {
    return lumina::testing::tiny_transformer_task(lumina::testing::tiny_config(),
                                                  lumina::testing::tiny_task_options(records));
  };
  const auto ours = task(), plain = task();
  OptimiserOptions options;
  options.weight_decay = 0.1;
  Optimiser adamw(plain->parameters(), options);
  options.muon = true;
  Optimiser muon(ours->parameters(), options);
  const std::vector<std::string>& names = ours->parameters().names();
  constexpr double kRate = 1e-2;

  std::vector<at::Tensor> value, momentum;
  for (const at::Tensor& tensor : ours->parameters().tensors()) {
    value.push_back(tensor.detach().to(at::kDouble).clone());
    momentum.push_back(at::zeros_like(value.back()));
  }
  int matrices = 0;
  for (int step = 0; step < 3; ++step) {
    // The same gradients for both, whatever their weights have become.
    ours->parameters().clear_gradients();
    ours->accumulate(step, 0, 1.0);
    const std::vector<at::Tensor> gradients = ours->parameters().gradients();
    for (std::size_t i = 0; i < names.size(); ++i) {
      plain->parameters().tensors()[i].mutable_grad() = gradients[i].clone();
    }
    muon.step(ours->parameters(), kRate);
    adamw.step(plain->parameters(), kRate);

    const at::NoGradGuard no_grad;
    for (std::size_t i = 0; i < names.size(); ++i) {
      SCOPED_TRACE(names[i]);
      const at::Tensor actual = ours->parameters().tensors()[i].detach();
      if (names[i].find("_proj.weight") == std::string::npos) {
        EXPECT_TRUE(at::equal(actual, plain->parameters().tensors()[i].detach()));
        EXPECT_TRUE(muon.second_moments()[i].defined());
        continue;
      }
      ++matrices;
      EXPECT_FALSE(muon.second_moments()[i].defined());
      const at::Tensor gradient = gradients[i].to(at::kDouble);
      momentum[i] = 0.95 * momentum[i] + 0.05 * gradient;
      const at::Tensor direction =
          orthogonalised((0.95 * momentum[i] + 0.05 * gradient).to(at::kFloat)).to(at::kDouble);
      const double scale = 0.2 * std::sqrt(std::max(actual.size(0), actual.size(1)));
      value[i] = (1.0 - kRate * 0.1) * value[i] - kRate * scale * direction;
      // A gradient that differs in its last bit may be another number in bf16.
      EXPECT_LT((actual - value[i]).norm().item<double>(),
                0.01 * kRate * scale * direction.norm().item<double>());
      value[i] = actual.to(at::kDouble).clone();
    }
  }
  EXPECT_GT(matrices, 3 * 7);
}

TEST(Muon, TakesAHiddenKernelAsTheMatrixOfItsPatches) {
  constexpr double kRate = 1e-2;
  ParameterSet parameters;
  const auto add = [&](const char* name, std::vector<std::int64_t> shape) {
    at::Generator random = generator(7, Draw::kDropout, parameters.names().size(), 0);
    parameters.add(name, at::empty(shape).normal_(0.0, 0.1, random));
    parameters.tensors().back().mutable_grad() = at::empty(shape).normal_(0.0, 1e-3, random);
  };
  add("decoder.mid.block_1.conv1.weight", {64, 32, 3, 3});
  add("decoder.mid.attn_1.q.weight", {32, 32, 1, 1});
  add("decoder.conv_in.weight", {32, 4, 3, 3});   // from latents
  add("decoder.conv_out.weight", {3, 32, 3, 3});  // to colours
  add("decoder.norm_out.conv_y.weight", {64, 4, 1, 1});
  add("decoder.mid.block_1.conv1.bias", {64});
  constexpr std::size_t kHidden = 2;
  OptimiserOptions options;
  options.muon = true;
  std::vector<at::Tensor> before;
  for (const at::Tensor& tensor : parameters.tensors()) before.push_back(tensor.detach().clone());
  Optimiser muon(parameters, options);
  muon.step(parameters, kRate);

  const at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < before.size(); ++i) {
    SCOPED_TRACE(parameters.names()[i]);
    EXPECT_EQ(muon.second_moments()[i].defined(), i >= kHidden);
    if (i >= kHidden) continue;
    const at::Tensor& gradient = parameters.tensors()[i].grad();
    const at::Tensor rows = gradient.reshape({gradient.size(0), -1});
    const double scale = 0.2 * std::sqrt(std::max(rows.size(0), rows.size(1)));
    const at::Tensor update = orthogonalised(rows) * (kRate * scale);
    const at::Tensor actual = (before[i] - parameters.tensors()[i].detach()).reshape(rows.sizes());
    EXPECT_LT((actual - update).norm().item<double>(), 0.01 * update.norm().item<double>());
  }
}

}  // namespace
}  // namespace lumina::training
