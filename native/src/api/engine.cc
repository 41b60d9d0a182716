#include "lumina/engine.h"

#include <ATen/ATen.h>

#include "api/loading.h"
#include "api/memory_plan.h"
#include "checkpoint/stop.h"
#include "decoding/decode.h"
#include "decoding/likelihood.h"
#include "device/devices.h"
#include "device/memory.h"
#include "vision/code_patches.h"
#include "vision/pixels.h"
#include "vision/working_memory.h"

namespace lumina {
namespace {

constexpr int kCell = 32;  // pixels of a grid cell
constexpr int kCode = 8;   // pixels of a code

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::kInvalidArgument, message);
}

std::string size_text(int width, int height) {
  return std::to_string(width) + "x" + std::to_string(height);
}

void require_filled(const Codes& codes) {
  if (codes.rows < 1 || codes.columns < 1 ||
      codes.values.size() != std::size_t(codes.rows) * codes.columns) {
    refuse(std::to_string(codes.values.size()) + " codes do not fill " +
           std::to_string(codes.rows) + " rows of " + std::to_string(codes.columns));
  }
}

// What of a request concerns the tokens, but for given codes.
decoding::DecodeRequest decode_request(const Request& request) {
  decoding::DecodeRequest decode;
  decode.prompt = request.prompt;
  decode.grid_rows = request.height / kCell;
  decode.grid_columns = request.width / kCell;
  decode.sampling = request.sampling;
  decode.decoding = request.decoding;
  decode.allow_partial = request.allow_partial;
  return decode;
}

class EngineImpl final : public Engine {
 public:
  explicit EngineImpl(const EngineOptions& options)
      : threads_(options.threads),
        check_memory_(options.check_memory),
        ids_(options.token_ids),
        loaded_(api::load(options)) {}

  std::vector<Result> generate(const Request& request, int count, Observer* observer,
                               const CancellationFlag* flag) override;
  int together(const Request& request, int count) override;
  double log_likelihood(const Request& request, const Codes& codes, int given_rows,
                        const CancellationFlag* flag) override;
  Codes encode(const Image& image) override { return encode_stack(image, 1); }
  Codes encode_stack(const Image& stack, int count) override {
    return encode(stack, count, vision::Tap::between_stages(checkpoint::check_stopped));
  }
  Image decode(const Codes& codes, const CancellationFlag* flag) override;
  Image code_patches(const CancellationFlag* flag) override;
  std::string info() const override { return loaded_.description.dump(); }

 private:
  const vision::Movqgan& movqgan() const {
    if (!loaded_.movqgan) refuse("no image tokenizer is loaded");
    return *loaded_.movqgan;
  }
  decoding::DecodeRequest steps_for(const Request& request) const;
  // `tap` hears about every stage; a picture takes minutes on a CPU, and this is how to stop it.
  Codes encode(const Image& stack, int count, const vision::Tap& tap) const;
  std::vector<std::int32_t> encode_half(const Request& request, const vision::Tap& tap);
  Image decode_codes(const Codes& codes, const vision::Tap& tap) const;
  void check_size(const Request& request, int height_step) const;
  void check_request(const Request& request) const;
  std::int64_t new_cache_bytes(const decoding::DecodeRequest& decode, int count = 1) const;
  std::int64_t room_for(const decoding::DecodeRequest& decode, int count,
                        const Request& request) const;
  std::int64_t cache_bytes(int rows, std::int64_t capacity) const;
  // Refuses what does not fit, before anything is allocated for it.
  void require_room(std::int64_t bytes, const std::string& purpose) const;
  std::int64_t decode_bytes(int rows, int columns) const;

  const int threads_;
  const bool check_memory_;
  const TokenIds ids_;
  const api::Loaded loaded_;
  decoding::KeptCache cache_;  // kept from request to request, unless it is large
  // The given half that was encoded last, and its width and codes: several pictures share it.
  std::vector<std::uint8_t> half_;
  int half_width_ = 0;
  std::vector<std::int32_t> half_codes_;
};

void EngineImpl::check_size(const Request& request, int height_step) const {
  if (!loaded_.transformer) refuse("no model is loaded");
  if (request.width < kCell || request.height < kCell || request.width % kCell != 0 ||
      request.height % height_step != 0) {
    refuse("picture size " + size_text(request.width, request.height) +
           ": the width must be a multiple of 32, the height of " + std::to_string(height_step));
  }
}

void EngineImpl::check_request(const Request& request) const {
  const bool halves = !request.given.empty();
  check_size(request, halves ? 2 * kCell : kCell);
  const std::size_t given = std::size_t{3} * request.width * request.height / 2;
  if (halves && request.given.size() != given) {
    refuse("the given half has " + std::to_string(request.given.size()) + " bytes, " +
           std::to_string(given) + " are needed for " +
           size_text(request.width, request.height / 2));
  }
  if (halves || request.decode_image) movqgan();
}

std::int64_t EngineImpl::cache_bytes(int rows, std::int64_t capacity) const {
  return model::KvCache::bytes(loaded_.transformer->config(), rows, capacity,
                               loaded_.transformer->cache_dtype());
}

// 0 if the one that is there will do.
std::int64_t EngineImpl::new_cache_bytes(const decoding::DecodeRequest& decode, int count) const {
  const auto need = decoding::cache_need(decode, count);
  const model::KvCache* kept = cache_.get();
  if (kept != nullptr && kept->rows() >= need.rows && kept->capacity() >= need.capacity) return 0;
  return cache_bytes(need.rows, need.capacity);
}

// What pictures side by side allocate beyond the weights: the cache, then the picture decoder's
// working memory.
std::int64_t EngineImpl::room_for(const decoding::DecodeRequest& decode, int count,
                                  const Request& request) const {
  const std::int64_t cache = new_cache_bytes(decode, count);
  std::int64_t image_decode = 0;
  if (request.decode_image) {
    image_decode = decode_bytes(request.height / kCode, request.width / kCode);
  }
  return api::drawing_bytes(cache, image_decode);
}

void EngineImpl::require_room(std::int64_t bytes, const std::string& purpose) const {
  if (check_memory_) device::require_memory(bytes, loaded_.device, purpose);
}

std::int64_t EngineImpl::decode_bytes(int rows, int columns) const {
  return vision::decode_working_bytes(movqgan().config(), rows, columns,
                                      api::element_bytes(loaded_.image_precision));
}

decoding::DecodeRequest EngineImpl::steps_for(const Request& request) const {
  decoding::DecodeRequest decode = decode_request(request);
  decode.static_steps = !loaded_.device.is_cpu();
  return decode;
}

int EngineImpl::together(const Request& request, int count) {
  check_request(request);
  if (count < 1) refuse(std::to_string(count) + " pictures cannot be drawn");
  const decoding::DecodeRequest tokens = steps_for(request);
  int together = std::min(count, decoding::most_together(tokens));
  const std::int64_t available = check_memory_ ? device::available_memory(loaded_.device) : 0;
  while (check_memory_ && together > 1 && room_for(tokens, together, request) > available) {
    --together;
  }
  return together;
}

std::vector<Result> EngineImpl::generate(const Request& request, int count, Observer* observer,
                                         const CancellationFlag* flag) {
  const decoding::Monitor monitor(observer, flag);
  const auto stop_between_stages = vision::Tap::between_stages([&] { monitor.check(); });
  device::set_threads(threads_);
  check_request(request);

  decoding::DecodeRequest tokens = steps_for(request);
  const std::string size = size_text(request.width, request.height);
  require_room(
      room_for(tokens, count, request),
      count == 1 ? "a picture of " + size : std::to_string(count) + " pictures of " + size);

  Progress progress;
  progress.rows_total = request.height / kCode;
  progress.pictures = count;
  double encode_seconds = 0.0;
  if (!request.given.empty()) {
    progress.phase = Progress::kEncode;
    monitor.report(progress);
    tokens.given = encode_half(request, stop_between_stages);
    encode_seconds = monitor.seconds();
  }

  std::vector<decoding::Decoded> drawn =
      decoding::decode(*loaded_.transformer, cache_, ids_, tokens, count, monitor);
  const double drawn_seconds = monitor.seconds() / count;
  const model::KvCache* kept = cache_.get();
  if (request.decode_image && kept != nullptr &&
      api::makes_way(cache_bytes(kept->rows(), kept->capacity()))) {
    cache_.reset();
  }
  std::vector<Result> results;
  for (decoding::Decoded& decoded : drawn) {
    Result& result = results.emplace_back();
    result.stats = decoded.stats;
    result.stats.encode_seconds = encode_seconds / count;
    result.codes = std::move(decoded.codes);
    result.rows_expected = decoded.rows_expected;
    result.finish = decoded.complete ? "complete" : "partial";
    const double begin = monitor.seconds();
    if (request.decode_image) {
      progress.phase = Progress::kImageDecode;
      progress.rows_done = result.codes.rows;
      progress.rows_total = result.rows_expected;
      progress.tokens_done = progress.tokens_total = result.stats.generated_tokens;
      progress.codes = result.codes.value_data();
      progress.codes_done = static_cast<std::int64_t>(result.codes.value_count());
      progress.columns = result.codes.columns;
      monitor.report(progress);
      result.image = decode_codes(result.codes, stop_between_stages);
      result.stats.image_decode_seconds = monitor.seconds() - begin;
      monitor.check();
    }
    result.stats.total_seconds = drawn_seconds + monitor.seconds() - begin;
    result.stats.peak_memory_bytes = device::peak_resident_memory();
  }
  return results;
}

double EngineImpl::log_likelihood(const Request& request, const Codes& codes, int given_rows,
                                  const CancellationFlag* flag) {
  const decoding::Monitor monitor(nullptr, flag);
  device::set_threads(threads_);
  check_size(request, kCell);
  require_filled(codes);
  const int rows = request.height / kCode, columns = request.width / kCode;
  if (codes.columns != columns || codes.rows > rows) {
    refuse(std::to_string(codes.rows) + " rows of " + std::to_string(codes.columns) +
           " codes are none of a picture of " + size_text(request.width, request.height) +
           ", which has " + std::to_string(rows) + " of " + std::to_string(columns));
  }
  if (given_rows < 0 || given_rows >= codes.rows) {
    refuse(std::to_string(given_rows) + " given rows of " + std::to_string(codes.rows) +
           " leave none that the model drew");
  }
  const auto drawn = codes.values.begin() + std::ptrdiff_t{given_rows} * columns;
  decoding::DecodeRequest tokens = decode_request(request);
  tokens.decoding = DecodingOptions();
  tokens.given.assign(codes.values.begin(), drawn);
  require_room(new_cache_bytes(tokens), "a picture of " + size_text(request.width, request.height));
  return decoding::log_likelihood(*loaded_.transformer, cache_, ids_, tokens,
                                  {drawn, codes.values.end()}, monitor);
}

std::vector<std::int32_t> EngineImpl::encode_half(const Request& request, const vision::Tap& tap) {
  if (half_width_ != request.width || half_ != request.given) {
    half_width_ = 0;  // none, if encoding is stopped
    Image half;
    half.width = request.width;
    half.height = request.height / 2;
    half.pixels = request.given;
    half_codes_ = encode(half, 1, tap).values;
    half_ = std::move(half.pixels);
    half_width_ = request.width;
  }
  return half_codes_;
}

Codes EngineImpl::encode(const Image& stack, int count, const vision::Tap& tap) const {
  if (count < 1 || stack.height % count != 0) {
    refuse("a picture of " + std::to_string(stack.height) + " rows is no stack of " +
           std::to_string(count) + " pictures");
  }
  const int height = stack.height / count;
  if (stack.width < kCode || height < kCode || stack.width % kCode != 0 || height % kCode != 0) {
    refuse("picture size " + size_text(stack.width, height) +
           ": width and height must be multiples of 8");
  }
  const std::string size = size_text(stack.width, height);
  require_room(
      count * vision::encode_working_bytes(movqgan().config(), height / kCode, stack.width / kCode),
      count == 1 ? "encoding a picture of " + size
                 : "encoding " + std::to_string(count) + " pictures of " + size);
  const at::Tensor pictures = vision::pixels_to_tensor(stack)
                                  .view({3, count, height, stack.width})
                                  .transpose(0, 1);  // [count, 3, height, width]
  const at::Tensor codes = movqgan().encode(pictures, tap).to(at::kInt).contiguous();
  Codes result;
  result.rows = static_cast<int>(count * codes.size(1));
  result.columns = static_cast<int>(codes.size(2));
  const auto* values = codes.const_data_ptr<std::int32_t>();
  result.values.assign(values, values + codes.numel());
  return result;
}

Image EngineImpl::decode(const Codes& codes, const CancellationFlag* flag) {
  const decoding::Monitor monitor(nullptr, flag);
  require_filled(codes);
  require_room(decode_bytes(codes.rows, codes.columns),
               "decoding a picture of " + size_text(codes.columns * kCode, codes.rows * kCode));
  return decode_codes(codes, vision::Tap::between_stages([&] { monitor.check(); }));
}

Image EngineImpl::code_patches(const CancellationFlag* flag) {
  const decoding::Monitor monitor(nullptr, flag);
  const auto stop_between_stages = vision::Tap::between_stages([&] { monitor.check(); });
  return vision::tensor_to_pixels(vision::code_patches(movqgan(), stop_between_stages));
}

Image EngineImpl::decode_codes(const Codes& codes, const vision::Tap& tap) const {
  require_filled(codes);
  const at::Tensor tensor = at::tensor(codes.values, at::kInt).view({1, codes.rows, codes.columns});
  return vision::tensor_to_pixels(movqgan().decode(tensor, tap));
}

}  // namespace

std::unique_ptr<Engine> Engine::open(const EngineOptions& options) {
  return std::make_unique<EngineImpl>(options);
}

}  // namespace lumina
