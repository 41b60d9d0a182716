// The differentiable networks against the ones that generate, and their gradients against finite
// differences.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "model/layout.h"
#include "recipe/recipe.h"
#include "support/movqgan.h"
#include "support/recipe_model.h"
#include "support/training_data.h"
#include "training/lora.h"
#include "training/movqgan_network.h"
#include "training/random.h"
#include "training/transformer_network.h"

namespace lumina::training {
namespace {

using checkpoint::ModelConfig;
using lumina::testing::ids_tensor;
using lumina::testing::some_ids;
using lumina::testing::tiny_config;
using Frozen = std::map<std::string, at::Tensor>;

double distance(const at::Tensor& a, const at::Tensor& b) {
  return (a.to(at::kFloat) - b.to(at::kFloat)).abs().max().item<double>();
}

ParameterSet recipe_parameters(const ModelConfig& config) {
  const auto specs = model::transformer_tensors(config);
  return ParameterSet::load(recipe::make_weights(recipe::Family::kTransformer, specs), specs);
}

// Logits [T, V] of one sequence by the model that generates.
at::Tensor reference_logits(const ModelConfig& config, const ParameterSet& parameters,
                            const std::vector<std::int64_t>& ids) {
  std::map<std::string, checkpoint::TensorView> views;
  for (std::size_t i = 0; i < parameters.names().size(); ++i) {
    const at::Tensor& tensor = parameters.tensors()[i];
    checkpoint::TensorView view;
    view.shape = tensor.sizes().vec();
    view.strides = tensor.strides().vec();
    view.data = tensor.const_data_ptr();
    views[parameters.names()[i]] = view;
  }
  const at::NoGradGuard no_grad;
  const model::Transformer model(config, checkpoint::WeightSet::in_memory(views, "test"),
                                 at::kFloat);
  model::KvCache cache = model.new_cache(1, static_cast<std::int64_t>(ids.size()));
  return model.logits(model.forward({0}, ids_tensor({ids}), cache), 0, config.vocab_size)[0];
}

class TrainingNetwork : public ::testing::TestWithParam<std::string> {
 protected:
  static ModelConfig config() {
    ModelConfig config = tiny_config();
    if (GetParam() == "shared_heads") {
      config.num_key_value_heads = 2;
      config.model_parallel_size = 2;
    } else if (GetParam() == "swin") {
      config.swin_norm = true;
    } else if (GetParam() == "biases") {
      config.attention_bias = true;
      config.mlp_bias = true;
    } else if (GetParam() == "tied") {
      config.tie_word_embeddings = true;
    }
    return config;
  }
};

TEST_P(TrainingNetwork, GivesTheLogitsThatGenerationSees) {
  const ParameterSet parameters = recipe_parameters(config());
  const Frozen none;
  TransformerNetwork network(config(), parameters, none, {});
  const auto ids = some_ids(40, 2048);
  const at::Tensor actual = network.logits(network.hidden(ids_tensor({ids}), 0)[0]);
  EXPECT_LT(distance(actual, reference_logits(config(), parameters, ids)), 2e-5);
}

// The slope of the loss along a random direction of one tensor is the gradient's projection on it.
TEST_P(TrainingNetwork, GradientsAreFiniteDifferencesOfTheGeneratingModel) {
  const ParameterSet parameters = recipe_parameters(config());
  const Frozen none;
  TransformerNetwork network(config(), parameters, none, {});
  const auto ids = some_ids(24, 2048);
  const at::Tensor targets = at::tensor(some_ids(24, 2048, 1));
  const auto loss_of = [&](const at::Tensor& logits) {
    return (at::logsumexp(logits.to(at::kDouble), 1) -
            logits.to(at::kDouble).gather(1, targets.unsqueeze(1)).squeeze(1))
        .mean();
  };
  loss_of(network.logits(network.hidden(ids_tensor({ids}), 0)[0])).backward();

  for (std::size_t i = 0; i < parameters.names().size(); ++i) {
    const at::Tensor& tensor = parameters.tensors()[i];
    ASSERT_TRUE(tensor.grad().defined()) << parameters.names()[i];
    at::Generator random = generator(5, parameters.names()[i]);
    // Half along the gradient, so that the slope is not lost in rounding.
    const at::Tensor gradient = tensor.grad();
    at::Tensor direction = at::empty_like(gradient).normal_(0.0, 1.0, random);
    direction = direction / direction.norm() + gradient / gradient.norm().clamp_min(1e-12);
    const double expected = (gradient * direction).sum().item<double>();
    const at::Tensor value = tensor.detach();
    const at::Tensor before = value.clone();
    const double step = 2e-3 * std::max(1.0, before.norm().item<double>() / 8.0);
    value.add_(direction, step);
    const double above = loss_of(reference_logits(config(), parameters, ids)).item<double>();
    value.copy_(before).sub_(direction, step);
    const double below = loss_of(reference_logits(config(), parameters, ids)).item<double>();
    value.copy_(before);
    const double slope = (above - below) / (2.0 * step);
    EXPECT_NEAR(slope, expected, 0.02 * std::abs(expected) + 3e-4) << parameters.names()[i];
  }
}

INSTANTIATE_TEST_SUITE_P(Variants, TrainingNetwork,
                         ::testing::Values("plain", "shared_heads", "swin", "biases", "tied"),
                         [](const auto& test) { return test.param; });

TEST(TrainingTransformer, RecomputingBlocksChangesNoGradient) {
  const auto ids = ids_tensor({some_ids(20, 2048), some_ids(20, 2048, 7)});
  std::vector<std::vector<at::Tensor>> gradients;
  for (const bool checkpointing : {false, true}) {
    const ParameterSet parameters = recipe_parameters(tiny_config());
    const Frozen none;
    TransformerNetworkOptions options;
    options.checkpointing = checkpointing;
    options.dropout = 0.2;
    TransformerNetwork network(tiny_config(), parameters, none, options);
    network.logits(network.hidden(ids, 99).flatten(0, 1)).square().mean().backward();
    gradients.push_back(parameters.gradients());
  }
  for (std::size_t i = 0; i < gradients[0].size(); ++i) {
    EXPECT_TRUE(gradients[0][i].equal(gradients[1][i])) << i;
    EXPECT_GT(gradients[0][i].abs().max().item<double>(), 0.0) << i;
  }
}

TEST(TrainingTransformer, DropoutFollowsItsAddressAndIsOffWithoutGradients) {
  const ParameterSet parameters = recipe_parameters(tiny_config());
  const Frozen none;
  TransformerNetworkOptions options;
  options.dropout = 0.3;
  TransformerNetwork network(tiny_config(), parameters, none, options);
  TransformerNetwork plain(tiny_config(), parameters, none, {});
  const auto ids = ids_tensor({some_ids(20, 2048)});
  const at::Tensor first = network.hidden(ids, 4).detach();
  EXPECT_TRUE(first.equal(network.hidden(ids, 4).detach()));
  EXPECT_GT(distance(first, network.hidden(ids, 5).detach()), 1e-3);
  const at::NoGradGuard no_grad;
  EXPECT_TRUE(network.hidden(ids, 4).equal(plain.hidden(ids, 0)));
}

TEST(TrainingTransformer, HalfPrecisionStaysNear) {
  const ParameterSet parameters = recipe_parameters(tiny_config());
  const Frozen none;
  TransformerNetworkOptions options;
  options.compute = at::kBFloat16;
  TransformerNetwork half(tiny_config(), parameters, none, options);
  TransformerNetwork full(tiny_config(), parameters, none, {});
  const auto ids = ids_tensor({some_ids(30, 2048)});
  const at::Tensor expected = full.logits(full.hidden(ids, 0)[0]);
  const double error = distance(half.logits(half.hidden(ids, 0)[0]), expected);
  EXPECT_LT(error, 0.03 * expected.abs().max().item<double>());
  EXPECT_GT(error, 0.0);
}

TEST(TrainingTransformer, FreshAdaptersChangeNothingAndTrainedOnesAddTheirProduct) {
  const ModelConfig config = tiny_config();
  const ParameterSet weights = recipe_parameters(config);
  Frozen frozen;
  for (std::size_t i = 0; i < weights.names().size(); ++i) {
    frozen[weights.names()[i]] = weights.tensors()[i].detach();
  }
  TransformerNetworkOptions options;
  options.lora = {4, 8.0, {"q_proj", "down_proj"}};
  const ParameterSet adapters = initial_adapters(config, options.lora, 3);
  EXPECT_EQ(adapters.names().size(), 2u * 2u * 2u);  // layers, targets, A and B
  TransformerNetwork network(config, adapters, frozen, options);
  const auto ids = some_ids(20, 2048);
  const auto logits = [&] { return network.logits(network.hidden(ids_tensor({ids}), 0)[0]); };
  EXPECT_LT(distance(logits(), reference_logits(config, weights, ids)), 2e-5);

  const std::string layer = "model.layers.1.mlp.down_proj";
  at::Generator random = generator(1, "b");
  adapters.get(lora_b(layer)).detach().normal_(0.0, 0.1, random);
  weights.get(layer + ".weight")
      .detach()
      .add_(at::mm(adapters.get(lora_b(layer)).detach(), adapters.get(lora_a(layer)).detach()),
            2.0);
  frozen[layer + ".weight"] = recipe_parameters(config).get(layer + ".weight").detach();
  EXPECT_LT(distance(logits(), reference_logits(config, weights, ids)), 2e-5);
}

TEST(TrainingMovqgan, EncodesAndDecodesAsTheOneThatGenerates) {
  const vision::MovqganConfig config = vision::movqgan_tiny();
  const auto weights = lumina::testing::movqgan_weights(config);
  const ParameterSet parameters = ParameterSet::load(weights, vision::movqgan_tensors(config));
  const MovqganNetwork network(parameters, config, at::kFloat);
  const vision::Movqgan movqgan(weights);
  const at::Tensor image = lumina::testing::recipe_image("train", 2, 32, 48);
  const at::Tensor codes = movqgan.encode(image);
  const at::Tensor& codebook = parameters.get("quantize.embedding.weight");
  const at::NoGradGuard no_grad;
  const at::Tensor z = network.encode(image).permute({0, 2, 3, 1});  // [B, h, w, dim]
  const at::Tensor nearest = at::argmin((z.unsqueeze(3) - codebook).square().sum(4), 3);
  EXPECT_TRUE(nearest.equal(codes));
  const at::Tensor latent = at::embedding(codebook, codes).permute({0, 3, 1, 2});
  const at::Tensor expected = movqgan.decode(codes);
  EXPECT_LT(distance(network.decode(latent), expected),
            1e-4 * std::max(1.0, expected.abs().max().item<double>()));
}

}  // namespace
}  // namespace lumina::training
