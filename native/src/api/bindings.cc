#include "lumina/bindings.h"

#include <stdlib.h>
#include <unistd.h>

#include "api/bench.h"
#include "api/capture.h"
#include "api/inspect.h"
#include "api/quantize_job.h"
#include "api/recipe_job.h"
#include "api/train_job.h"
#include "checkpoint/stop.h"
#include "device/devices.h"
#include "lumina/engine.h"
#include "model/adapters.h"

namespace lumina {

const char* version() noexcept { return LUMINA_VERSION; }

const char* error_code_name(int code) noexcept {
  switch (static_cast<ErrorCode>(code)) {
    case ErrorCode::kOk: return "ok";
    case ErrorCode::kInvalidArgument: return "invalid-argument";
    case ErrorCode::kCheckpoint: return "checkpoint";
    case ErrorCode::kOutOfMemory: return "out-of-memory";
    case ErrorCode::kDevice: return "device";
    case ErrorCode::kCancelled: return "cancelled";
    case ErrorCode::kIncomplete: return "incomplete";
    case ErrorCode::kNumerical: return "numerical";
    case ErrorCode::kIo: return "io";
    case ErrorCode::kInternal: return "internal";
  }
  return nullptr;
}

Engine* engine_open(const EngineOptions& options, Status& status) noexcept {
  Engine* engine = nullptr;
  api::capture(status, [&] { engine = Engine::open(options).release(); });
  return engine;
}

void engine_close(Engine* engine) noexcept { delete engine; }

void engine_generate(Engine* engine, const Request& request, int count, Observer* observer,
                     const CancellationFlag* flag, Results& results, Status& status) noexcept {
  api::capture(status, [&] { results.all = engine->generate(request, count, observer, flag); });
}

int engine_together(Engine* engine, const Request& request, int count, Status& status) noexcept {
  int together = 0;
  api::capture(status, [&] { together = engine->together(request, count); });
  return together;
}

double engine_log_likelihood(Engine* engine, const Request& request, const Codes& codes,
                             int given_rows, const CancellationFlag* flag,
                             Status& status) noexcept {
  double value = 0.0;
  api::capture(status, [&] { value = engine->log_likelihood(request, codes, given_rows, flag); });
  return value;
}

void engine_encode(Engine* engine, const Image& image, Codes& codes, Status& status) noexcept {
  api::capture(status, [&] { codes = engine->encode(image); });
}

void engine_encode_stack(Engine* engine, const Image& stack, int count, Codes& codes,
                         Status& status) noexcept {
  api::capture(status, [&] { codes = engine->encode_stack(stack, count); });
}

void engine_decode(Engine* engine, const Codes& codes, const CancellationFlag* flag, Image& image,
                   Status& status) noexcept {
  api::capture(status, [&] { image = engine->decode(codes, flag); });
}

void engine_code_patches(Engine* engine, const CancellationFlag* flag, Image& image,
                         Status& status) noexcept {
  api::capture(status, [&] { image = engine->code_patches(flag); });
}

void engine_info(const Engine* engine, Text& json, Status& status) noexcept {
  api::capture(status, [&] { json.value = engine->info(); });
}

void inspect(const std::string& path, const std::string& image_tokenizer, Text& json,
             Status& status) noexcept {
  api::capture(status, [&] { json.value = api::inspect_path(path, image_tokenizer); });
}

void write_recipe(const std::string& folder, const std::string& options, Status& status) noexcept {
  api::capture(status, [&] { api::write_recipe_folder(folder, options); });
}

void bench(const std::string& options, Observer* observer, const CancellationFlag* flag, Text& json,
           Status& status) noexcept {
  api::capture(status, [&] { json.value = api::run_bench(options, observer, flag); });
}

void train(const std::string& options, TrainingObserver* observer, const CancellationFlag* flag,
           TrainingSummary& summary, Status& status) noexcept {
  api::capture(status, [&] { summary = api::run_training(options, observer, flag); });
}

void merge_adapters(const std::string& from, const std::string& adapters, const std::string& to,
                    Status& status) noexcept {
  api::capture(status, [&] { model::merge_adapters(from, model::parse_adapters(adapters), to); });
}

void quantize(const std::string& from, const std::string& format, const std::string& to,
              Observer* observer, const CancellationFlag* flag, Status& status) noexcept {
  api::capture(status, [&] { api::run_quantize(from, format, to, observer, flag); });
}

void watch(const CancellationFlag* flag) noexcept { checkpoint::set_stop_flag(flag); }

void end_without_destructors() noexcept {
  // Of all handlers the one that was registered last runs first.
  ::on_exit([](int status, void*) { ::_exit(status); }, nullptr);
}

void devices(Text& json, Status& status) noexcept {
  api::capture(status, [&] { json.value = device::describe_devices(); });
}

}  // namespace lumina
