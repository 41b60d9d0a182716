// The engine for C++ users. Errors are lumina::Error with a code; bindings.h is the same without
// exceptions. An engine may be used from any thread, by one call at a time.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lumina/status.h"
#include "lumina/types.h"

namespace lumina {

class Engine {
 public:
  virtual ~Engine() = default;

  // Maps the weights and allocates nothing per request yet. Throws kCheckpoint, kOutOfMemory,
  // kInvalidArgument, kDevice.
  static std::unique_ptr<Engine> open(const EngineOptions& options);

  // Makes `count` pictures side by side, in the same passes: with the request's seed and those that
  // follow it. `observer` and `flag` may be null and must outlive the call.
  virtual std::vector<Result> generate(const Request& request, int count, Observer* observer,
                                       const CancellationFlag* flag) = 0;
  // Makes one.
  Result generate(const Request& request, Observer* observer, const CancellationFlag* flag) {
    return std::move(generate(request, 1, observer, flag).front());
  }
  // How many of `count` pictures of a request to draw side by side: as many as request.decoding
  // says and memory has room for.
  virtual int together(const Request& request, int count) = 0;
  // How likely the model says a picture is that the request could have made: the mean of ln p over
  // its codes, with p as the request's guidance makes it, but before top-k and at temperature 1.
  // Header and newlines do not count, nor do the first `given_rows` rows of the codes, which the
  // model was given; request.given is not looked at, and seed, decoding and decode_image do not
  // matter. `codes`: the rows that exist, at least one more than was given. `flag` may be null.
  virtual double log_likelihood(const Request& request, const Codes& codes, int given_rows,
                                const CancellationFlag* flag) = 0;
  // Picture -> codes (fp32). Width and height must be multiples of 8.
  virtual Codes encode(const Image& image) = 0;
  // Several pictures of one size, one below the other in `stack` -> their codes, likewise. Faster
  // than one by one where pictures are small.
  virtual Codes encode_stack(const Image& stack, int count) = 0;
  // Codes -> picture of 8x their size. `flag` may be null. May be called by an observer, too.
  virtual Image decode(const Codes& codes, const CancellationFlag* flag) = 0;
  // What each code looks like, roughly, for previews: a picture of 8x8 pixels for every code, one
  // below the other. Costs the decoding of 256x256 pixels. As for decode().
  virtual Image code_patches(const CancellationFlag* flag) = 0;
  // What is loaded, as JSON text.
  virtual std::string info() const = 0;
};

}  // namespace lumina
