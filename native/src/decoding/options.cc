#include "decoding/options.h"

#include <cmath>
#include <sstream>
#include <string>

#include "lumina/status.h"

namespace lumina::decoding {
namespace {

// On a CPU a pass costs in proportion to its tokens, so that wide windows stop paying early.
constexpr int kCpuWindow = 16;
// Single tokens leave room in a pass that waits for the weights; windows fill it already.
constexpr int kCpuTogether = 8;

template <typename Value>
struct Named {
  const char* name;
  Value value;
};

constexpr Named<Mode> kModes[] = {
    {"sequential", Mode::kSequential}, {"mc", Mode::kCoupled},    {"gum", Mode::kFixedNoise},
    {"sjd", Mode::kIndependent},       {"ref", Mode::kReference}, {"mc-lambda", Mode::kRelaxed},
};

constexpr Named<Initialization> kInitializations[] = {
    {"random", Initialization::kRandom},
    {"left", Initialization::kLeft},
    {"above", Initialization::kAbove},
    {"neighbour", Initialization::kNeighbour},
};

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::kInvalidArgument, message);
}

template <typename Value, std::size_t count>
Value find(const char* option, const Named<Value> (&table)[count], const std::string& name,
           const std::string& further = "") {
  std::string known = further;
  for (const Named<Value>& entry : table) {
    if (name == entry.name) return entry.value;
    known += (known.empty() ? "" : ", ") + std::string(entry.name);
  }
  refuse(std::string(option) + " is '" + name + "', must be one of " + known);
}

// As published for the modes that are there to compare with, the best otherwise.
Initialization usual(Mode mode) {
  return mode == Mode::kReference || mode == Mode::kIndependent ? Initialization::kRandom
                                                                : Initialization::kNeighbour;
}

}  // namespace

Speculation resolve(const DecodingOptions& options) {
  Speculation speculation;
  speculation.mode = find("decoding mode", kModes, options.mode);
  const bool automatic = options.initialization == "auto";
  speculation.initialization =
      automatic ? usual(speculation.mode)
                : find("initialization", kInitializations, options.initialization, "auto");
  if (options.window != 0 &&
      (options.window < Speculation::kLeastWindow || options.window > Speculation::kMostWindow)) {
    refuse("window is " + std::to_string(options.window) + ", must be 4 to 64, or 0 for automatic");
  }
  if (!std::isfinite(options.lambda) || options.lambda < 1.0) {
    std::ostringstream message;
    message << "lambda is " << options.lambda << ", must be a number of at least 1";
    refuse(message.str());
  }
  if (options.together < 0 || options.together > Speculation::kMostTogether) {
    refuse("together is " + std::to_string(options.together) +
           ", must be 1 to 64 pictures, or 0 for automatic");
  }
  speculation.together = options.together;
  if (options.together == 0) speculation.together = speculation.on() ? 1 : kCpuTogether;
  if (speculation.on()) speculation.window = options.window == 0 ? kCpuWindow : options.window;
  if (speculation.mode == Mode::kRelaxed) speculation.lambda = options.lambda;
  return speculation;
}

}  // namespace lumina::decoding
