// The boundary: every failure becomes a Status of the right kind, and the engine checks what it is
// asked before it works.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <fstream>
#include <new>
#include <nlohmann/json.hpp>
#include <string>

#include "api/capture.h"
#include "api/memory_plan.h"
#include "device/devices.h"
#include "device/memory.h"
#include "lumina/bindings.h"
#include "lumina/engine.h"
#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "vision/layout.h"
#include "vision/working_memory.h"

namespace lumina {
namespace {

using testing::expect_error;
using testing::TemporaryFolder;

ErrorCode code(const Status& status) { return static_cast<ErrorCode>(status.code); }

// The smallest recipe checkpoint, written once for all tests, and the ids of its tokens.
class ApiTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder();
    Status status;
    write_recipe(model(), R"({"preset": "tiny"})", status);
    ASSERT_EQ(code(status), ErrorCode::kOk) << status.message;
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }

  static std::string model() { return folder_->path("tiny"); }

  static EngineOptions options() {
    EngineOptions options;
    options.model_dir = model();
    options.image_tokenizer = model() + "/movqgan.safetensors";
    options.token_ids = token_ids();
    return options;
  }

  static TokenIds token_ids() {
    std::ifstream in(model() + "/tokenizer.json");
    TokenIds ids;
    ids.grid.assign(33, -1);
    const auto file = nlohmann::json::parse(in);
    for (const auto& token : file.at("added_tokens")) {
      const std::string name = token["content"];
      const int id = token["id"];
      if (name == "<racm3:break>") ids.image_start = id;
      if (name == "<eoss>") ids.image_end = id;
      if (name == "<reserved08799>") ids.new_line = id;
      for (int n = 0; n < 33; ++n) {
        if (name == "<reserved0" + std::to_string(8800 + n) + ">") ids.grid[n] = id;
      }
    }
    return ids;
  }

  static Request request(int width, int height) {
    Request request;
    request.prompt = {10, 11, 12};
    request.width = width;
    request.height = height;
    return request;
  }

  static TemporaryFolder* folder_;
};

TemporaryFolder* ApiTest::folder_ = nullptr;

TEST(CaptureTest, every_exception_becomes_a_status_of_its_kind) {
  Status status;
  api::capture(status, [] { throw Error(ErrorCode::kCancelled, "stopped\nsecond line"); });
  EXPECT_EQ(code(status), ErrorCode::kCancelled);
  EXPECT_EQ(status.message, "stopped");
  api::capture(status, [] { throw std::bad_alloc(); });
  EXPECT_EQ(code(status), ErrorCode::kOutOfMemory);
  api::capture(status, [] { at::zeros({2, 3}).matmul(at::zeros({2, 3})); });
  EXPECT_EQ(code(status), ErrorCode::kInternal);
  EXPECT_EQ(status.message.find('\n'), std::string::npos);
  // Half an exabyte: the allocator's plain error is told apart by its text.
  api::capture(status, [] { at::empty({std::int64_t{1} << 57}, at::kFloat); });
  EXPECT_EQ(code(status), ErrorCode::kOutOfMemory) << status.message;
  api::capture(status, [] { throw 7; });
  EXPECT_EQ(code(status), ErrorCode::kInternal);
  api::capture(status, [] {});
  EXPECT_EQ(code(status), ErrorCode::kOk);
  EXPECT_TRUE(status.message.empty());
}

TEST(DeviceTest, a_gpu_that_is_not_there_is_told_with_the_way_out) {
  EXPECT_TRUE(device::find_device("cpu").is_cpu());
  expect_error(ErrorCode::kDevice, "use --device cpu", [] { device::find_device("cuda:99"); });
  for (const char* name : {"gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:1000"}) {
    expect_error(ErrorCode::kInvalidArgument, "known: cpu, cuda",
                 [&] { device::find_device(name); });
  }
  EXPECT_EQ(device::available_memory(at::kCPU) > 0, true);
  expect_error(ErrorCode::kOutOfMemory, "only ",
               [] { device::require_memory(std::int64_t{1} << 60, at::kCPU, "this"); });
}

TEST(MemoryTest, a_refusal_has_both_figures) {
  const auto available = device::available_memory();
  expect_error(ErrorCode::kOutOfMemory, "loading the weights needs 90.9 TiB, only ",
               [] { device::require_memory(99'999'000'000'000, "loading the weights"); });
  EXPECT_GT(available, 0);
  device::require_memory(1, "a byte");
  EXPECT_EQ(device::readable_size(1023), "1023 B");
  EXPECT_EQ(device::readable_size(18'245'222), "17.4 MiB");
  EXPECT_EQ(device::readable_size(std::int64_t{3} << 30), "3.0 GiB");
}

TEST(MemoryTest, a_large_cache_makes_way_for_the_decoder) {
  constexpr std::int64_t kMega = std::int64_t{1} << 20;
  EXPECT_EQ(api::drawing_bytes(100 * kMega, 300 * kMega), 400 * kMega);
  EXPECT_EQ(api::drawing_bytes(5000 * kMega, 2500 * kMega), 5000 * kMega);
  EXPECT_EQ(api::drawing_bytes(2000 * kMega, 2500 * kMega), 2500 * kMega);
}

TEST_F(ApiTest, a_request_through_the_bindings_fills_the_result) {
  Status status;
  Engine* engine = engine_open(options(), status);
  ASSERT_NE(engine, nullptr) << status.message;
  Results results;
  engine_generate(engine, request(64, 32), 1, nullptr, nullptr, results, status);
  EXPECT_EQ(code(status), ErrorCode::kOk) << status.message;
  ASSERT_EQ(results.count(), 1u);
  const Result& result = results.at(0);
  EXPECT_EQ(result.image.width, 64);
  EXPECT_EQ(result.image.height, 32);
  EXPECT_EQ(result.image.pixels.size(), 64u * 32 * 3);
  EXPECT_EQ(result.codes.rows, 4);
  EXPECT_EQ(result.finish, "complete");
  Image again;
  engine_decode(engine, result.codes, nullptr, again, status);
  EXPECT_EQ(again.pixels, result.image.pixels);
  Text info;
  engine_info(engine, info, status);
  EXPECT_EQ(nlohmann::json::parse(info.value)["transformer"]["layers"], 2);
  engine_close(engine);
}

TEST_F(ApiTest, calls_that_take_no_flag_are_stopped_by_that_of_their_thread) {
  CancellationFlag flag;
  flag.cancel();
  Status status;
  watch(&flag);
  EXPECT_EQ(engine_open(options(), status), nullptr);
  EXPECT_EQ(code(status), ErrorCode::kCancelled);
  write_recipe(folder_->path("stopped"), R"({"preset": "tiny"})", status);
  EXPECT_EQ(code(status), ErrorCode::kCancelled);
  watch(nullptr);
  Engine* engine = engine_open(options(), status);
  ASSERT_NE(engine, nullptr) << status.message;
  Image image;
  image.width = image.height = 32;
  image.pixels.resize(32 * 32 * 3);
  Codes codes;
  watch(&flag);
  engine_encode(engine, image, codes, status);
  EXPECT_EQ(code(status), ErrorCode::kCancelled);
  watch(nullptr);
  engine_encode(engine, image, codes, status);
  EXPECT_EQ(code(status), ErrorCode::kOk) << status.message;
  engine_close(engine);
}

TEST_F(ApiTest, a_process_can_end_without_destructors_and_keeps_its_status) {
  const auto end = [] {
    std::atexit([] { std::abort(); });  // stands for what must not run
    end_without_destructors();
    std::exit(7);
  };
  EXPECT_EXIT(end(), ::testing::ExitedWithCode(7), "");
}

TEST_F(ApiTest, speculation_is_asked_for_by_name_and_counted) {
  auto fp32 = options();
  fp32.dtype = "fp32";  // in bf16 a window rounds otherwise than a step
  const auto engine = Engine::open(fp32);
  Request speculative = request(64, 64);
  speculative.decode_image = false;
  const Result sequential = engine->generate(speculative, nullptr, nullptr);
  EXPECT_EQ(sequential.stats.codes_per_pass, (std::vector<std::int64_t>{0, 64}));
  speculative.decoding.mode = "gum";
  const Result result = engine->generate(speculative, nullptr, nullptr);
  EXPECT_EQ(result.codes.values, sequential.codes.values);
  EXPECT_GT(result.stats.codes_per_pass.size(), 2u);
  EXPECT_LT(result.stats.passes, sequential.stats.passes);
  speculative.decoding.window = 1;
  expect_error(ErrorCode::kInvalidArgument, "window is 1",
               [&] { engine->generate(speculative, nullptr, nullptr); });
}

TEST_F(ApiTest, pictures_side_by_side_are_those_of_their_seeds_and_share_the_time) {
  const auto engine = Engine::open(options());
  Request asked = request(64, 32);
  asked.sampling.seed = 5;
  EXPECT_EQ(engine->together(asked, 3), 3);
  EXPECT_GT(engine->together(asked, 1000), 1);
  EXPECT_LE(engine->together(asked, 1000), 64);
  const std::vector<Result> results = engine->generate(asked, 3, nullptr, nullptr);
  ASSERT_EQ(results.size(), 3u);
  double model_seconds = 0;
  for (const Result& result : results) {
    EXPECT_EQ(result.stats.together, 3);
    model_seconds += result.stats.model_seconds;
    Request alone = asked;
    alone.sampling.seed = asked.sampling.seed + (&result - results.data());
    const Result own = engine->generate(alone, 1, nullptr, nullptr).front();
    EXPECT_EQ(result.codes.values, own.codes.values);
    EXPECT_EQ(result.image.pixels, own.image.pixels);
    EXPECT_EQ(own.stats.together, 1);
  }
  EXPECT_GT(model_seconds, 0);
  EXPECT_LT(model_seconds, results[0].stats.total_seconds * 3 + 1e-9);
  asked.decoding.together = 2;
  EXPECT_EQ(engine->together(asked, 3), 2);
  for (const int wrong : {0, -1}) {
    expect_error(ErrorCode::kInvalidArgument, "pictures",
                 [&] { engine->generate(asked, wrong, nullptr, nullptr); });
    expect_error(ErrorCode::kInvalidArgument, "pictures", [&] { engine->together(asked, wrong); });
  }
}

TEST_F(ApiTest, likelihoods_are_of_the_codes_that_the_model_drew) {
  auto fp32 = options();
  fp32.dtype = "fp32";
  Status status;
  Engine* engine = engine_open(fp32, status);
  ASSERT_NE(engine, nullptr) << status.message;
  Request asked = request(64, 64);
  asked.decode_image = false;
  Results results;
  engine_generate(engine, asked, 1, nullptr, nullptr, results, status);
  ASSERT_EQ(code(status), ErrorCode::kOk) << status.message;
  const Result& result = results.at(0);
  const auto score = [&](const Codes& codes, int given_rows) {
    const double value = engine_log_likelihood(engine, asked, codes, given_rows, nullptr, status);
    EXPECT_EQ(code(status), ErrorCode::kOk) << status.message;
    return value;
  };
  Codes upper{4, 8, {result.codes.values.begin(), result.codes.values.begin() + 32}};
  const double whole = score(result.codes, 0);
  EXPECT_LT(whole, 0.0);
  EXPECT_NEAR(2 * whole, score(upper, 0) + score(result.codes, 4), 1e-4);

  const auto refused = [&](const Codes& codes, int given_rows, const std::string& text) {
    engine_log_likelihood(engine, asked, codes, given_rows, nullptr, status);
    EXPECT_EQ(code(status), ErrorCode::kInvalidArgument);
    EXPECT_NE(status.message.find(text), std::string::npos) << status.message;
  };
  const std::vector<std::int32_t> some(72);
  refused({8, 4, {some.begin(), some.begin() + 32}}, 0, "8 rows of 4 codes are none of a picture");
  refused({9, 8, some}, 0, "of 64x64, which has 8 of 8");
  refused({8, 8, some}, 0, "72 codes do not fill 8 rows of 8");
  refused({}, 0, "do not fill");
  refused(result.codes, 8, "8 given rows of 8 leave none");
  refused(result.codes, -1, "-1 given rows");
  upper.values[5] = 64;
  refused(upper, 0, "image code 64 is outside the codebook of 64");
  asked.width = 48;
  refused(upper, 0, "48x64");
  asked.width = 64;
  CancellationFlag flag;
  flag.cancel();
  engine_log_likelihood(engine, asked, result.codes, 0, &flag, status);
  EXPECT_EQ(code(status), ErrorCode::kCancelled);
  engine_close(engine);
}

TEST_F(ApiTest, a_failed_open_returns_null_and_says_why) {
  Status status;
  EngineOptions missing;
  missing.model_dir = folder_->path("nothing");
  EXPECT_EQ(engine_open(missing, status), nullptr);
  EXPECT_EQ(code(status), ErrorCode::kCheckpoint);
  EXPECT_NE(status.message.find("nothing"), std::string::npos);
  EXPECT_EQ(engine_open(EngineOptions(), status), nullptr);
  EXPECT_EQ(code(status), ErrorCode::kInvalidArgument);
}

TEST_F(ApiTest, options_are_checked_by_name) {
  auto wrong = options();
  wrong.dtype = "fp8";
  expect_error(ErrorCode::kInvalidArgument, "known: auto, fp32, bf16",
               [&] { Engine::open(wrong); });
  wrong = options();
  wrong.image_tokenizer_dtype = "int4";
  expect_error(ErrorCode::kInvalidArgument, "known: fp32, bf16", [&] { Engine::open(wrong); });
  wrong = options();
  wrong.threads = -1;
  expect_error(ErrorCode::kInvalidArgument, "threads", [&] { Engine::open(wrong); });
  wrong = options();
  wrong.token_ids = TokenIds();  // the released ids do not fit a small vocabulary
  expect_error(ErrorCode::kCheckpoint, "vocabulary", [&] { Engine::open(wrong); });
}

TEST_F(ApiTest, an_image_tokenizer_of_another_size_is_refused) {
  Status status;
  const std::string other = folder_->path("other");
  write_recipe(other, R"({"preset": "tiny", "image_tokenizer": "small"})", status);
  ASSERT_EQ(code(status), ErrorCode::kOk) << status.message;
  auto mixed = options();
  mixed.image_tokenizer = other + "/movqgan.safetensors";
  expect_error(ErrorCode::kCheckpoint, "16384 codes", [&] { Engine::open(mixed); });
}

TEST_F(ApiTest, requests_are_checked_before_any_work) {
  const auto engine = Engine::open(options());
  const auto refused = [&](const Request& request, const std::string& text) {
    expect_error(ErrorCode::kInvalidArgument, text,
                 [&] { engine->generate(request, nullptr, nullptr); });
  };
  refused(request(48, 32), "48x32");
  refused(request(0, 32), "0x32");
  refused(request(-32, 32), "-32x32");
  refused(request(32 * 40, 32), "1280 pixels");
  auto half = request(32, 64);
  half.given.assign(100, 0);
  refused(half, "100 bytes");
  half = request(32, 96);
  half.given.assign(32 * 48 * 3, 0);
  refused(half, "multiple of 32, the height of 64");
  auto foreign = request(32, 32);
  foreign.prompt = {1 << 20};
  refused(foreign, "vocabulary");
  auto cold = request(32, 32);
  cold.sampling.temperature = 0.0;
  refused(cold, "temperature");
  Image odd;
  odd.width = odd.height = 12;
  odd.pixels.assign(12 * 12 * 3, 0);
  expect_error(ErrorCode::kInvalidArgument, "multiples of 8", [&] { engine->encode(odd); });
  expect_error(ErrorCode::kInvalidArgument, "do not fill", [&] {
    engine->decode({2, 2, {1}}, nullptr);
  });
}

TEST_F(ApiTest, an_observer_may_decode_what_it_sees) {
  const auto engine = Engine::open(options());
  class Viewer : public Observer {
   public:
    explicit Viewer(Engine& engine) : engine_(engine) {}
    bool on_progress(const Progress& progress) override {
      if (progress.rows_done == 2 && seen.pixels.empty()) {
        const auto count = 2 * progress.columns;
        Codes codes{2, progress.columns, {progress.codes, progress.codes + count}};
        seen = engine_.decode(codes, nullptr);
      }
      return true;
    }
    Image seen;

   private:
    Engine& engine_;
  } viewer(*engine);
  const Result alone = engine->generate(request(64, 32), nullptr, nullptr);
  const Result watched = engine->generate(request(64, 32), &viewer, nullptr);
  EXPECT_EQ(viewer.seen.height, 16);
  EXPECT_EQ(viewer.seen.width, 64);
  EXPECT_EQ(watched.image.pixels, alone.image.pixels);
}

TEST_F(ApiTest, every_code_has_a_patch_and_making_them_can_be_stopped) {
  Status status;
  Engine* engine = engine_open(options(), status);
  ASSERT_NE(engine, nullptr) << status.message;
  Image patches;
  engine_code_patches(engine, nullptr, patches, status);
  EXPECT_EQ(code(status), ErrorCode::kOk) << status.message;
  EXPECT_EQ(patches.width, 8);
  EXPECT_EQ(patches.height, 8 * 64);
  CancellationFlag flag;
  flag.cancel();
  engine_code_patches(engine, &flag, patches, status);
  EXPECT_EQ(code(status), ErrorCode::kCancelled);
  Codes codes{1, 1, {0}};
  engine_decode(engine, codes, &flag, patches, status);
  EXPECT_EQ(code(status), ErrorCode::kCancelled);
  engine_close(engine);
}

TEST_F(ApiTest, what_does_not_fit_is_refused_before_it_is_allocated) {
  // The tiny recipe's tokenizer, and sizes whose working memory no machine of this size has.
  const vision::MovqganConfig config = vision::movqgan_tiny();
  const std::int64_t available = device::available_memory();
  int side = 256;
  while (vision::encode_working_bytes(config, side, side) < 2 * available ||
         vision::decode_working_bytes(config, side, side) < 2 * available) {
    side *= 2;
  }
  const auto engine = Engine::open(options());
  Codes codes;
  codes.rows = codes.columns = side;
  codes.values.assign(std::size_t(side) * side, 1);
  const std::string size = std::to_string(8 * side) + "x" + std::to_string(8 * side);
  expect_error(ErrorCode::kOutOfMemory, "decoding a picture of " + size + " needs ",
               [&] { engine->decode(codes, nullptr); });
  Image image;
  image.width = image.height = 8 * side;
  // The size alone decides, so the test need not have the pixels.
  expect_error(ErrorCode::kOutOfMemory, "encoding a picture of " + size + " needs ",
               [&] { engine->encode(image); });
  expect_error(ErrorCode::kOutOfMemory, "encoding 2 pictures of ",
               [&] { engine->encode_stack(image, 2); });
  // Whoever says so goes on at his own risk, so this must be small.
  EngineOptions unchecked = options();
  unchecked.check_memory = false;
  codes.rows = codes.columns = 2;
  codes.values.assign(4, 1);
  EXPECT_EQ(Engine::open(unchecked)->decode(codes, nullptr).width, 16);
}

TEST_F(ApiTest, absurd_threads_are_refused) {
  EngineOptions absurd = options();
  absurd.threads = 100'000;
  expect_error(ErrorCode::kInvalidArgument, "(got 100000)", [&] { Engine::open(absurd); });
}

TEST_F(ApiTest, what_is_not_loaded_cannot_be_used) {
  auto pictures = options();
  pictures.model_dir.clear();
  const auto decoder = Engine::open(pictures);
  expect_error(ErrorCode::kInvalidArgument, "no model",
               [&] { decoder->generate(request(32, 32), nullptr, nullptr); });
  const Codes codes{4, 4, std::vector<std::int32_t>(16)};
  expect_error(ErrorCode::kInvalidArgument, "no model",
               [&] { decoder->log_likelihood(request(32, 32), codes, 0, nullptr); });
  auto words = options();
  words.image_tokenizer.clear();
  const auto blind = Engine::open(words);
  expect_error(ErrorCode::kInvalidArgument, "no image tokenizer",
               [&] { blind->generate(request(32, 32), nullptr, nullptr); });
  auto codes_only = request(32, 32);
  codes_only.decode_image = false;
  EXPECT_EQ(blind->generate(codes_only, nullptr, nullptr).codes.values.size(), 16u);
}

TEST_F(ApiTest, inspection_and_bench_answer_in_json) {
  Status status;
  Text json;
  inspect(model(), model() + "/movqgan.safetensors", json, status);
  ASSERT_EQ(code(status), ErrorCode::kOk) << status.message;
  const auto info = nlohmann::json::parse(json.value);
  EXPECT_EQ(info["image_tokenizer"]["codebook_size"], 64);
  EXPECT_FALSE(info["memory"].empty());
  const nlohmann::json options{
      {"model", model()}, {"cache_lengths", {3, 9}}, {"windows", {4, 8}}, {"steps", 1}};
  bench(options.dump(), nullptr, nullptr, json, status);
  ASSERT_EQ(code(status), ErrorCode::kOk) << status.message;
  const auto steps = nlohmann::json::parse(json.value)["steps"];
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[1]["windows"][1]["window"], 8);
  EXPECT_NEAR(
      steps[1]["windows"][1]["milliseconds"].get<double>() / steps[1]["milliseconds"].get<double>(),
      steps[1]["windows"][1]["steps"].get<double>(), 1e-9);
  bench("{", nullptr, nullptr, json, status);
  EXPECT_EQ(code(status), ErrorCode::kInvalidArgument);
  write_recipe(folder_->path("x"), R"({"preset": "huge"})", status);
  EXPECT_EQ(code(status), ErrorCode::kInvalidArgument);
  EXPECT_NE(status.message.find("2b, 7b, small, tiny"), std::string::npos) << status.message;
}

}  // namespace
}  // namespace lumina
