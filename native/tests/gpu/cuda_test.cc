// On a GPU: kernels against their twins, graphs against the same work one by one, pictures against
// those of the CPU. Skipped where there is none.
#include "device/cuda.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <memory>

#include "api/capture.h"
#include "decoding/decode.h"
#include "decoding/gumbel.h"
#include "decoding/static_step.h"
#include "device/devices.h"
#include "model/static_memory.h"
#include "quant/formats.h"
#include "quant/placed.h"
#include "support/recipe_model.h"

namespace lumina {
namespace {

using testing::changed_transformer;
using testing::tiny_config;
using testing::tiny_token_ids;

class Gpu : public ::testing::Test {
 protected:
  void SetUp() override {
    const device::cuda::Found found = device::cuda::look(0);
    if (found.name.empty()) GTEST_SKIP() << found.why;
  }

  // The largest difference, in units of the largest number.
  static double distance(const at::Tensor& a, const at::Tensor& b) {
    const at::Tensor x = a.cpu().to(at::kDouble), y = b.cpu().to(at::kDouble);
    return ((x - y).abs().max() / y.abs().max()).item<double>();
  }

  static model::Transformer on(at::Device device, const checkpoint::ModelConfig& config,
                               at::ScalarType dtype = at::kFloat,
                               const quant::Format* format = nullptr) {
    model::Storage storage = dtype;
    storage.device = device;
    storage.format = format;
    return changed_transformer(
        config, [](const std::string&, std::vector<float>&) {}, storage);
  }

  // A model whose heads the attention kernel takes.
  static checkpoint::ModelConfig wide_config() {
    checkpoint::ModelConfig config = tiny_config();
    config.hidden_size = 256;  // 4 heads of 64
    config.intermediate_size = 384;
    return config;
  }
};

TEST_F(Gpu, AttentionEqualsItsTwin) {
  const c10::InferenceMode guard;
  for (const std::int64_t d : {64, 128}) {
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16, at::kChar}) {
      for (const std::int64_t window : {1, 4, 16}) {
        const std::int64_t rows = 2, heads = 4, capacity = 3000;
        const auto random = [](at::IntArrayRef shape) {
          return at::randn(shape, at::TensorOptions(at::kCUDA).dtype(at::kFloat));
        };
        const at::Tensor q = random({rows, heads * 2, window, d}).to(at::kBFloat16);
        const auto stored = [&] {
          const at::Tensor numbers = random({rows, heads, capacity, d});
          return type == at::kChar ? model::round_plain(numbers)
                                   : model::CachedHeads(numbers.to(type));
        };
        const model::CachedHeads keys = stored(), values = stored();
        const std::vector<std::int64_t> firsts = {2990 - window, 17};
        const at::Tensor positions =
            (at::tensor(firsts, at::kLong).unsqueeze(1) + at::arange(window)).to(at::kCUDA);
        ASSERT_TRUE(device::cuda::suits_attention(q, keys.values));
        const at::Tensor out = model::attend_at(q, keys, values, positions);
        EXPECT_LT(distance(out, model::attend_at_plain(q, keys, values, positions)), 1e-2)
            << d << " " << type << " " << window;
      }
    }
  }
}

TEST_F(Gpu, NoiseIsThatOfTheCpu) {
  const at::Tensor seeds = at::tensor({7, -1}, at::kLong);
  const at::Tensor positions = at::tensor({2, 9, 30, 5}, at::kLong).view({2, 2});
  const at::Tensor here = at::empty({2, 2, 1000}, at::kDouble);
  const at::Tensor there = at::empty({2, 2, 1000}, at::TensorOptions(at::kCUDA).dtype(at::kDouble));
  decoding::fill_gumbel(seeds, positions, sampling::NoiseStream::kPicture, 513, here);
  decoding::fill_gumbel(seeds.to(at::kCUDA), positions.to(at::kCUDA),
                        sampling::NoiseStream::kPicture, 513, there);
  EXPECT_LT(distance(there, here), 1e-14);
}

TEST_F(Gpu, HiddenStatesEqualThoseOfTheCpu) {
  for (const at::ScalarType dtype : {at::kFloat, at::kBFloat16}) {
    const at::Tensor ids = testing::ids_tensor({testing::some_ids(40, 2048)});
    const auto hidden = [&](at::Device device) {
      const model::Transformer model = on(device, wide_config(), dtype);
      model::KvCache cache = model.new_cache(1, 64);
      return model.logits(model.forward({0}, ids, cache), 512, 512);
    };
    EXPECT_LT(distance(hidden(at::kCUDA), hidden(at::kCPU)), dtype == at::kFloat ? 1e-3 : 5e-2);
  }
}

TEST_F(Gpu, PicturesAreThoseOfTheCpuAndOfTheHost) {
  for (const auto& [mode, window] : {std::pair{"sequential", 0}, std::pair{"gum", 8}}) {
    SCOPED_TRACE(mode);
    decoding::DecodeRequest request;
    request.prompt = {200, 201, 202, 203, 204};
    request.grid_rows = request.grid_columns = 2;
    request.sampling.image_top_k = 100;
    request.sampling.seed = 7;
    request.decoding.mode = mode;
    request.decoding.window = window;
    const auto draw = [&](at::Device device, bool static_steps) {
      request.static_steps = static_steps;
      decoding::KeptCache cache;
      return decoding::decode(on(device, wide_config()), cache, tiny_token_ids(), request,
                              decoding::Monitor())
          .tokens;
    };
    const auto expected = draw(at::kCPU, false);
    EXPECT_EQ(draw(at::kCUDA, true), expected);
    EXPECT_EQ(draw(at::kCUDA, false), expected);
  }
}

TEST_F(Gpu, AGraphDoesWhatTheSameWorkDoesOneByOne) {
  const c10::InferenceMode guard;
  const at::Tensor weight = at::randn({64, 64}, at::TensorOptions(at::kCUDA).dtype(at::kBFloat16));
  const at::Tensor state = at::randn({4, 64}, weight.options());
  const at::Tensor first = state.clone();
  const auto step = [&] { state.copy_(at::softmax(at::matmul(state, weight), -1)); };
  const auto graph = device::cuda::capture(step, at::Device(at::kCUDA, 0));
  state.copy_(first);
  for (int i = 0; i < 5; ++i) graph->replay();
  const at::Tensor replayed = state.cpu();
  state.copy_(first);
  for (int i = 0; i < 5; ++i) step();
  EXPECT_TRUE(at::equal(replayed, state.cpu()));
}

TEST_F(Gpu, Int4ProductsStayNearThoseOfTheirNumbers) {
  const c10::InferenceMode guard;
  for (const char* name : {"int4", "int4:64:hqq", "int4:32", "int8"}) {
    const quant::Format& format = quant::find_format(name);
    const at::Tensor weight = at::randn({256, 512}, at::kFloat).to(at::kBFloat16);
    const quant::Parts parts = format.quantize(weight);
    const auto placed = quant::place(parts, format, 512, at::Device(at::kCUDA, 0), at::kBFloat16);
    for (const std::int64_t rows : {1, 2, 32}) {
      const at::Tensor x = at::randn({rows, 512}, at::kFloat).to(at::kBFloat16);
      const at::Tensor expected =
          at::matmul(x.to(at::kFloat), format.dequantize(parts, 512).narrow(0, 8, 240).t());
      EXPECT_LT(distance(placed->product(x.to(at::kCUDA), {}, 8, 240), expected), 2e-2) << name;
    }
  }
}

TEST_F(Gpu, MemoryThatTheAllocatorKeepsIsAvailable) {
  constexpr std::int64_t kBytes = std::int64_t{1} << 30;
  const at::Device gpu(at::kCUDA, 0);
  const std::int64_t before = device::available_memory(gpu);
  at::empty({kBytes}, at::TensorOptions(gpu).dtype(at::kByte));  // and free again
  EXPECT_GT(device::available_memory(gpu), before - kBytes / 2);
}

TEST_F(Gpu, TooLittleMemoryIsAnErrorThatLeavesTheDeviceUsable) {
  Status status;
  api::capture(status, [] {
    at::empty({std::int64_t{1} << 42}, at::TensorOptions(at::kCUDA).dtype(at::kByte));
  });
  EXPECT_EQ(static_cast<ErrorCode>(status.code), ErrorCode::kOutOfMemory) << status.message;
  EXPECT_EQ(at::ones({2}, at::TensorOptions(at::kCUDA)).sum().item<float>(), 2.0f);
}

}  // namespace
}  // namespace lumina
