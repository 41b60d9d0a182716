// Updates against a hand-written optimiser, runs that are broken off and resumed, and the files
// they leave.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "model/layout.h"
#include "recipe/recipe.h"
#include "support/expect_error.h"
#include "support/movqgan.h"
#include "support/recipe_model.h"
#include "support/temporary_folder.h"
#include "support/training_data.h"
#include "training/loop.h"
#include "training/lora.h"

namespace lumina::training {
namespace {

using lumina::testing::expect_error;
using lumina::testing::read_bytes;
using lumina::testing::TemporaryFolder;
using lumina::testing::tiny_config;
using lumina::testing::tiny_examples;
using lumina::testing::tiny_task_options;
using lumina::testing::tiny_transformer_task;

LoopOptions loop_options(std::int64_t steps) {
  LoopOptions options;
  options.schedule.steps = steps;
  options.schedule.learning_rate = 1e-2;
  options.schedule.min_learning_rate = 1e-3;
  options.optimiser.weight_decay = 0.1;
  options.clip = 0.05;
  return options;
}

// AdamW in float64, written from the paper's algorithm 2.
struct Float64AdamW {
  std::vector<double> value, first, second;
  int updates = 0;

  void step(const std::vector<double>& gradient, double rate, const OptimiserOptions& options) {
    ++updates;
    for (std::size_t i = 0; i < value.size(); ++i) {
      first[i] = options.beta1 * first[i] + (1 - options.beta1) * gradient[i];
      second[i] = options.beta2 * second[i] + (1 - options.beta2) * gradient[i] * gradient[i];
      const double m = first[i] / (1 - std::pow(options.beta1, updates));
      const double v = second[i] / (1 - std::pow(options.beta2, updates));
      value[i] -= rate * (m / (std::sqrt(v) + options.epsilon) + options.weight_decay * value[i]);
    }
  }
};

std::vector<double> doubles(const at::Tensor& tensor) {
  const at::Tensor flat = tensor.detach().to(at::kDouble).contiguous();
  return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

TEST(TrainingGolden, UpdatesEqualAHandWrittenOptimiserInFloat64) {
  const TemporaryFolder folder;
  const auto records = write_token_records(folder, "records.safetensors", tiny_examples(12));
  const auto task = tiny_transformer_task(tiny_config(), tiny_task_options(records));
  ParameterSet& parameters = task->parameters();
  const LoopOptions options = loop_options(3);
  Optimiser optimiser(parameters, options.optimiser);

  std::vector<Float64AdamW> expected;
  for (const at::Tensor& tensor : parameters.tensors()) {
    const auto size = static_cast<std::size_t>(tensor.numel());
    expected.push_back({doubles(tensor), std::vector<double>(size), std::vector<double>(size)});
  }
  for (int step = 0; step < 3; ++step) {
    parameters.clear_gradients();
    task->accumulate(step, 0, 1.0);
    double sum = 0.0;
    std::vector<std::vector<double>> gradients;
    for (const at::Tensor& gradient : parameters.gradients()) {
      gradients.push_back(doubles(gradient));
      for (const double g : gradients.back()) sum += g * g;
    }
    const double norm = std::sqrt(sum);
    ASSERT_GT(norm, options.clip) << "the clip must be at work";
    for (std::size_t i = 0; i < expected.size(); ++i) {
      for (double& g : gradients[i]) g *= options.clip / norm;
      expected[i].step(gradients[i], options.schedule.at(step), options.optimiser);
    }
    EXPECT_NEAR(clip_gradients(parameters, options.clip), norm, 1e-5 * norm);
    optimiser.step(parameters, options.schedule.at(step));
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const auto actual = doubles(parameters.tensors()[i]);
      for (std::size_t j = 0; j < actual.size(); ++j) {
        ASSERT_NEAR(actual[j], expected[i].value[j], 2e-5)
            << parameters.names()[i] << "[" << j << "] after update " << step;
      }
    }
  }
}

TEST(TrainingGolden, LossIsCrossEntropyAndZOfTheGeneratingModel) {
  const TemporaryFolder folder;
  const auto examples = tiny_examples(4);
  const auto records = write_token_records(folder, "records.safetensors", examples);
  auto options = tiny_task_options(records);
  options.z_loss = 0.01;
  const auto task = tiny_transformer_task(tiny_config(), options);
  const Metrics metrics = task->accumulate(0, 0, 1.0);  // all four records

  const auto model = lumina::testing::recipe_transformer(tiny_config());
  const at::NoGradGuard no_grad;
  double cross_entropy = 0.0, z = 0.0;
  int targets = 0;
  for (const auto& example : examples) {
    const std::vector<std::int64_t> ids(example.tokens.begin(), example.tokens.end());
    auto cache = model.new_cache(1, static_cast<std::int64_t>(ids.size()));
    const at::Tensor logits =
        model.logits(model.forward({0}, lumina::testing::ids_tensor({ids}), cache), 0, 2048)[0].to(
            at::kDouble);
    for (std::size_t i = 1; i < ids.size(); ++i) {
      if (example.labels[i] < 0) continue;
      const double total =
          at::logsumexp(logits[static_cast<std::int64_t>(i) - 1], 0).item<double>();
      cross_entropy += total - logits[static_cast<std::int64_t>(i) - 1][ids[i]].item<double>();
      z += total * total;
      ++targets;
    }
  }
  EXPECT_NEAR(metrics.at("cross_entropy"), cross_entropy / targets, 1e-5);
  EXPECT_NEAR(metrics.at("z"), z / targets, 1e-3);
  EXPECT_NEAR(metrics.at("loss"), (cross_entropy + 0.01 * z) / targets, 1e-4);
}

TEST(TrainingSchedule, WarmsUpThenFollowsHalfACosine) {
  const Schedule schedule{1.0, 0.1, 10.0, 110};
  EXPECT_DOUBLE_EQ(schedule.at(0), 0.0);
  EXPECT_DOUBLE_EQ(schedule.at(5), 0.5);
  EXPECT_DOUBLE_EQ(schedule.at(10), 1.0);
  EXPECT_NEAR(schedule.at(60), 0.55, 1e-12);
  EXPECT_NEAR(schedule.at(109), 0.1 + 0.9 * 0.5 * (1 + std::cos(M_PI * 0.99)), 1e-12);
}

// Stops a run after some updates, as an impatient user does.
class StopAfter : public TrainingObserver {
 public:
  explicit StopAfter(std::int64_t step) : step_(step) {}
  bool on_step(const TrainingProgress& progress) override {
    seen.push_back(progress);
    return progress.step < step_;
  }
  std::vector<TrainingProgress> seen;

 private:
  std::int64_t step_;
};

std::string final_weights(const std::string& run, const std::string& file) {
  return read_bytes(run + "/final/" + file);
}

std::vector<std::string> log_lines(const std::string& run) {
  std::ifstream in(run + "/log.jsonl");
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    auto entry = nlohmann::json::parse(line);
    entry.erase("seconds");
    lines.push_back(entry.dump());
  }
  return lines;
}

class TransformerRun : public ::testing::TestWithParam<bool> {};

TEST_P(TransformerRun, ThatWasStoppedEndsAsAnUnbrokenOne) {
  const TemporaryFolder folder;
  const auto records = write_token_records(folder, "records.safetensors", tiny_examples(24));
  auto task_options = tiny_task_options(records);
  task_options.prompt_dropout = 0.5;
  task_options.network.dropout = 0.1;
  task_options.accumulation = 2;
  LoopOptions options = loop_options(7);
  options.accumulation = 2;
  options.optimiser.muon = GetParam();
  options.save_every = 2;
  const auto run = [&](const std::string& name, TrainingObserver* observer) {
    RunFolder files(folder.path(name), {{"steps", 7}});
    return train(*tiny_transformer_task(tiny_config(), task_options), options, files, observer,
                 nullptr);
  };
  const TrainingSummary whole = run("whole", nullptr);
  EXPECT_TRUE(whole.finished);
  EXPECT_EQ(whole.steps, 7);

  StopAfter observer(3);
  expect_error(ErrorCode::kCancelled, "resumes from there", [&] { run("broken", &observer); });
  EXPECT_EQ(observer.seen.size(), 3u);
  CancellationFlag flag;
  flag.cancel();
  expect_error(ErrorCode::kCancelled, "after update 4", [&] {
    RunFolder files(folder.path("broken"), {{"steps", 7}});
    train(*tiny_transformer_task(tiny_config(), task_options), options, files, nullptr, &flag);
  });
  const TrainingSummary resumed = run("broken", nullptr);
  EXPECT_EQ(resumed.first_step, 4);
  EXPECT_TRUE(final_weights(folder.path("whole"), "model.safetensors") ==
              final_weights(folder.path("broken"), "model.safetensors"));
  EXPECT_EQ(log_lines(folder.path("whole")), log_lines(folder.path("broken")));
  EXPECT_EQ(log_lines(folder.path("whole")).size(), 7u);
}

INSTANTIATE_TEST_SUITE_P(Optimisers, TransformerRun, ::testing::Bool());

// A killed process leaves half a folder and half a log line.
TEST(TrainingRun, WhatAKilledProcessLeftDoesNoHarm) {
  const TemporaryFolder folder;
  const auto records = write_token_records(folder, "records.safetensors", tiny_examples(8));
  LoopOptions options = loop_options(4);
  options.save_every = 2;
  const auto run = [&](const std::string& name, TrainingObserver* observer) {
    RunFolder files(folder.path(name), {{"steps", 4}});
    return train(*tiny_transformer_task(tiny_config(), tiny_task_options(records)), options, files,
                 observer, nullptr);
  };
  run("whole", nullptr);
  StopAfter observer(3);
  expect_error(ErrorCode::kCancelled, "update 3", [&] { run("killed", &observer); });
  std::filesystem::remove_all(folder.path("killed/step-00000003"));
  std::filesystem::create_directory(folder.path("killed/step-00000003.tmp-1-1"));
  std::ofstream(folder.path("killed/log.jsonl"), std::ios::app) << "{\"step\":3,\"lo";
  EXPECT_EQ(run("killed", nullptr).first_step, 2);
  EXPECT_FALSE(std::filesystem::exists(folder.path("killed/step-00000003.tmp-1-1")));
  EXPECT_TRUE(final_weights(folder.path("whole"), "model.safetensors") ==
              final_weights(folder.path("killed"), "model.safetensors"));
  EXPECT_EQ(log_lines(folder.path("killed")).size(), 4u);
}

MovqganTaskOptions movqgan_options(const std::string& pixels) {
  MovqganTaskOptions options;
  options.sources = {{pixels, 1.0}};
  options.batch_size = 2;
  options.free_steps = 2;
  options.restart_every = 2;
  options.restart_until = 1.0;
  return options;
}

std::unique_ptr<MovqganTask> movqgan_task(const MovqganTaskOptions& options) {
  vision::MovqganConfig config = vision::movqgan_tiny();
  config.multipliers = {1, 1, 1, 1};
  config.num_res_blocks = 1;
  return std::make_unique<MovqganTask>(
      config, ParameterSet::initial(vision::movqgan_tensors(config), {7, 0.0}), options);
}

TEST(TrainingRun, AStoppedMovqganRunEndsAsAnUnbrokenOne) {
  const TemporaryFolder folder;
  auto task_options =
      movqgan_options(write_pixel_records(folder, "pixels.safetensors", 6, 32, 16, 2));
  task_options.sources.push_back({write_pixel_records(folder, "more.safetensors", 6, 32, 32), 1.0});
  task_options.crop = 16;
  task_options.restart_until = 0.6;
  task_options.merge_distance = 0.1;
  LoopOptions options = loop_options(6);
  options.save_every = 100;
  const auto run = [&](const std::string& name, TrainingObserver* observer) {
    RunFolder files(folder.path(name), {{"steps", 6}});
    return train(*movqgan_task(task_options), options, files, observer, nullptr);
  };
  run("whole", nullptr);
  StopAfter observer(5);
  expect_error(ErrorCode::kCancelled, "update 5", [&] { run("broken", &observer); });
  run("broken", nullptr);
  EXPECT_TRUE(final_weights(folder.path("whole"), "movqgan.safetensors") ==
              final_weights(folder.path("broken"), "movqgan.safetensors"));
}

TEST(TrainingRun, CodesThatAreNearEachOtherBecomeOne) {
  const TemporaryFolder folder;
  const auto pixels = write_pixel_records(folder, "p.safetensors", 6, 32, 32);
  const auto codebook = [&](const std::string& name, double distance) {
    auto task_options = movqgan_options(pixels);
    task_options.restart_until = 0.5;
    task_options.merge_distance = distance;
    RunFolder files(folder.path(name), {{"steps", 8}});
    const auto task = movqgan_task(task_options);
    train(*task, loop_options(8), files, nullptr, nullptr);
    return task->parameters().get("quantize.embedding.weight").detach().clone();
  };
  const auto vectors = [](const at::Tensor& codes) {
    return std::get<0>(at::unique_dim(codes, 0)).size(0);
  };
  const at::Tensor apart = codebook("apart", 0.0);
  const at::Tensor merged = codebook("merged", at::cdist(apart, apart).median().item<double>());
  EXPECT_EQ(vectors(apart), apart.size(0));
  EXPECT_LT(vectors(merged), apart.size(0) / 2);
  EXPECT_GT(vectors(merged), 1);
  EXPECT_EQ(vectors(codebook("one", 1e6)), 1);
}

TEST(TrainingRun, MovqganLearnsToReconstruct) {
  const TemporaryFolder folder;
  auto task_options = movqgan_options(write_pixel_records(folder, "p.safetensors", 2, 16, 16));
  task_options.free_steps = 20;
  task_options.restart_every = 10;
  const auto task = movqgan_task(task_options);
  LoopOptions options = loop_options(60);
  options.schedule.learning_rate = 3e-3;
  options.optimiser.weight_decay = 0.0;
  options.clip = 1.0;
  RunFolder files(folder.path("run"), {{"steps", 60}});
  StopAfter observer(1000);
  train(*task, options, files, &observer, nullptr);
  const auto psnr = [&](std::size_t i) {
    return nlohmann::json::parse(observer.seen[i].metrics)["psnr"].get<double>();
  };
  EXPECT_GT(psnr(59), psnr(0) + 4.0);
  // What was written is a MoVQGAN that loads.
  const vision::Movqgan movqgan(
      checkpoint::WeightSet::open(folder.path("run/final/movqgan.safetensors")));
  EXPECT_EQ(movqgan.config().codebook_size, 64);
}

TEST(TrainingRun, OnlyTheNewestCheckpointsStayAndTheTimeLimitEndsACall) {
  const TemporaryFolder folder;
  const auto records = write_token_records(folder, "records.safetensors", tiny_examples(8));
  LoopOptions options = loop_options(9);
  options.save_every = 2;
  options.keep = 2;
  RunFolder files(folder.path("run"), {{"steps", 9}});
  train(*tiny_transformer_task(tiny_config(), tiny_task_options(records)), options, files, nullptr,
        nullptr);
  EXPECT_FALSE(std::filesystem::exists(folder.path("run/step-00000004")));
  EXPECT_TRUE(std::filesystem::exists(folder.path("run/step-00000006/training-state.safetensors")));
  EXPECT_TRUE(std::filesystem::exists(folder.path("run/step-00000008")));
  EXPECT_FALSE(std::filesystem::exists(folder.path("run/final/training-state.safetensors")));
  StopAfter observer(100);
  const TrainingSummary again =
      train(*tiny_transformer_task(tiny_config(), tiny_task_options(records)), options, files,
            &observer, nullptr);
  EXPECT_TRUE(again.finished) << "a finished run stays as it is";
  EXPECT_TRUE(observer.seen.empty());

  options.max_seconds = 1e-9;
  RunFolder limited(folder.path("limited"), {{"steps", 9}});
  const TrainingSummary summary =
      train(*tiny_transformer_task(tiny_config(), tiny_task_options(records)), options, limited,
            nullptr, nullptr);
  EXPECT_FALSE(summary.finished);
  EXPECT_EQ(summary.steps, 1);
}

TEST(TrainingRun, AnotherRunsFolderIsRefused) {
  const TemporaryFolder folder;
  RunFolder first(folder.path("run"), {{"steps", 9}, {"seed", 1}});
  RunFolder same(folder.path("run"), {{"steps", 9}, {"seed", 1}, {"threads", 3}});
  expect_error(ErrorCode::kInvalidArgument, "was begun with seed = 1, not 2", [&] {
    RunFolder(folder.path("run"), {{"steps", 9}, {"seed", 2}});
  });
  folder.write("other.txt", "x");
  expect_error(ErrorCode::kInvalidArgument, "is no training run", [&] {
    RunFolder(folder.path(), {{"steps", 9}});
  });
}

TEST(TrainingRun, ALossThatIsNotFiniteEndsItAndWritesNothing) {
  const TemporaryFolder folder;
  const auto records = write_token_records(folder, "records.safetensors", tiny_examples(8));
  const auto task = tiny_transformer_task(tiny_config(), tiny_task_options(records));
  task->parameters().get("model.norm.weight").detach().fill_(std::nan(""));
  RunFolder files(folder.path("run"), {{"steps", 2}});
  expect_error(ErrorCode::kNumerical, "loss is not finite at update 0",
               [&] { train(*task, loop_options(2), files, nullptr, nullptr); });
  EXPECT_FALSE(files.newest().has_value());
  EXPECT_FALSE(files.final_model().has_value());
}

TEST(TrainingLora, OnlyAdaptersAreTrainedAndPeftFindsThem) {
  const TemporaryFolder folder;
  auto task_options =
      tiny_task_options(write_token_records(folder, "records.safetensors", tiny_examples(8)));
  task_options.network.lora = {2, 4.0, {"v_proj"}};
  const auto task = tiny_transformer_task(tiny_config(), task_options);
  RunFolder files(folder.path("run"), {{"steps", 3}});
  train(*task, loop_options(3), files, nullptr, nullptr);
  const auto written =
      checkpoint::WeightSet::open(folder.path("run/final/adapter_model.safetensors"));
  EXPECT_EQ(written.tensors().size(), 4u);
  const auto& b = written.get("base_model.model.model.layers.1.self_attn.v_proj.lora_B.weight");
  EXPECT_EQ(b.shape, (std::vector<std::int64_t>{64, 2}));
  EXPECT_NE(static_cast<const float*>(b.data)[0], 0.0F);
  const auto config =
      nlohmann::json::parse(read_bytes(folder.path("run/final/adapter_config.json")));
  EXPECT_EQ(config["peft_type"], "LORA");
  EXPECT_EQ(config["r"], 2);
  EXPECT_EQ(config["lora_alpha"], 4.0);
  expect_error(ErrorCode::kInvalidArgument, "no linear layer is called w_proj", [&] {
    initial_adapters(tiny_config(), {2, 4.0, {"w_proj"}}, 1);
  });
  expect_error(ErrorCode::kInvalidArgument, "rank 65 does not fit", [&] {
    initial_adapters(tiny_config(), {65, 4.0, {"v_proj"}}, 1);
  });
}

}  // namespace
}  // namespace lumina::training
