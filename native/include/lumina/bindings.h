// The whole surface that Java sees: a dozen functions that never throw. Each reports through a
// Status; what it fills is meaningful only when status.code is 0. Pointers passed in stay the
// caller's and need to live only for the call, except the Engine, which engine_open makes and
// engine_close frees.
#pragma once

#include <string>

#include "lumina/status.h"
#include "lumina/training.h"
#include "lumina/types.h"

#if defined(_WIN32)
#define LUMINA_API
#else
#define LUMINA_API __attribute__((visibility("default")))
#endif

namespace lumina {

class Engine;

// Text that crosses the boundary, UTF-8. Structured answers are JSON.
struct Text {
  std::string value;
};

LUMINA_API const char* version() noexcept;
// The name of an ErrorCode, "ok" first; null beyond the last.
LUMINA_API const char* error_code_name(int code) noexcept;

// From now on any call of this thread may be stopped by `flag`, those that take no flag as well:
// loading and encoding look at it between two steps. It must live until it is replaced; null: none.
LUMINA_API void watch(const CancellationFlag* flag) noexcept;
// From now on the process ends, with whatever status, without destroying static objects: for one
// that must end while a call still runs, which would find them destroyed.
LUMINA_API void end_without_destructors() noexcept;

LUMINA_API Engine* engine_open(const EngineOptions& options, Status& status) noexcept;
LUMINA_API void engine_close(Engine* engine) noexcept;
// `count` pictures side by side, with the request's seed and those that follow it. `observer` and
// `flag` may be null. The observer is called on this thread.
LUMINA_API void engine_generate(Engine* engine, const Request& request, int count,
                                Observer* observer, const CancellationFlag* flag, Results& results,
                                Status& status) noexcept;
// How many of `count` pictures to draw side by side.
LUMINA_API int engine_together(Engine* engine, const Request& request, int count,
                               Status& status) noexcept;
// As Engine::log_likelihood; `flag` may be null.
LUMINA_API double engine_log_likelihood(Engine* engine, const Request& request, const Codes& codes,
                                        int given_rows, const CancellationFlag* flag,
                                        Status& status) noexcept;
LUMINA_API void engine_encode(Engine* engine, const Image& image, Codes& codes,
                              Status& status) noexcept;
// `count` pictures of one size, one below the other in `stack`.
LUMINA_API void engine_encode_stack(Engine* engine, const Image& stack, int count, Codes& codes,
                                    Status& status) noexcept;
// This and the next may be called by an observer of engine_generate; `flag` may be null.
LUMINA_API void engine_decode(Engine* engine, const Codes& codes, const CancellationFlag* flag,
                              Image& image, Status& status) noexcept;
// A picture of 8x8 pixels for every code, one below the other: what it looks like, roughly.
LUMINA_API void engine_code_patches(Engine* engine, const CancellationFlag* flag, Image& image,
                                    Status& status) noexcept;
LUMINA_API void engine_info(const Engine* engine, Text& json, Status& status) noexcept;

// What a checkpoint folder or MoVQGAN file holds and the memory each mode needs, without loading
// it. `image_tokenizer`: the MoVQGAN file that goes with a folder, or empty.
LUMINA_API void inspect(const std::string& path, const std::string& image_tokenizer, Text& json,
                        Status& status) noexcept;
// The devices of this machine, what was looked for and found.
LUMINA_API void devices(Text& json, Status& status) noexcept;
// Writes a checkpoint folder with weights made by a formula: `options` is JSON, see
// api/recipe_job.h.
LUMINA_API void write_recipe(const std::string& folder, const std::string& options,
                             Status& status) noexcept;
// Measures a checkpoint on this machine: `options` is JSON, see api/bench.h.
LUMINA_API void bench(const std::string& options, Observer* observer, const CancellationFlag* flag,
                      Text& json, Status& status) noexcept;
// Trains a model: `options` is JSON, see api/train_job.h. The observer is called on this thread.
LUMINA_API void train(const std::string& options, TrainingObserver* observer,
                      const CancellationFlag* flag, TrainingSummary& summary,
                      Status& status) noexcept;
// Writes the model folder `to`: that of `from` with LoRA adapters, JSON as in EngineOptions, added
// to its weights.
LUMINA_API void merge_adapters(const std::string& from, const std::string& adapters,
                               const std::string& to, Status& status) noexcept;
// Writes the model folder `to`: that of `from` with its matrices quantised in `format`, a name as
// in EngineOptions.
LUMINA_API void quantize(const std::string& from, const std::string& format, const std::string& to,
                         Observer* observer, const CancellationFlag* flag, Status& status) noexcept;

}  // namespace lumina
