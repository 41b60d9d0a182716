// What goes into the engine and what comes out: plain values, standard library only. These are the
// types that cross the Java boundary, so no templates beyond std::vector of numbers, no ownership.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace lumina {

// Ids of the tokens that give a picture its structure. The caller looks them up by name in the
// checkpoint's tokenizer; the defaults are those of the released checkpoint.
struct TokenIds {
  std::int32_t image_start = 151665;  // <racm3:break>
  std::int32_t image_end = 151666;    // <eoss>
  std::int32_t new_line = 151670;     // <reserved08799>, ends every row of codes
  // grid[n]: the id that says "n cells of 32 pixels"; -1 where the tokenizer has none.
  std::vector<std::int32_t> grid = released_grid();

  void set_grid(const std::int32_t* ids, std::size_t count) { grid.assign(ids, ids + count); }

  static std::vector<std::int32_t> released_grid() {
    std::vector<std::int32_t> ids(129);
    for (std::size_t n = 0; n < ids.size(); ++n) ids[n] = 151671 + static_cast<std::int32_t>(n);
    return ids;
  }
};

struct EngineOptions {
  std::string model_dir;        // checkpoint folder; empty: no transformer, only encode and decode
  std::string image_tokenizer;  // MoVQGAN weights (.ckpt or .safetensors); empty: none
  // LoRA adapters that are added to the weights, JSON: [{"path", "scale" [1]}, ..].
  std::string adapters = "[]";
  std::string device = "cpu";
  std::string dtype = "auto";  // auto (as stored), fp32 or bf16
  // Quantises the matrices of the layers while loading: int8, or int4 with optional group and
  // method, as in int4:64:hqq. Empty: as stored.
  std::string quantize;
  // What quantised matrices multiply: activations rounded to int8 per group, or exact ones.
  std::string activations = "int8";
  // Keys and values of earlier tokens: auto (the type the model computes in) or int8 with a scale
  // per token and head.
  std::string kv_cache = "auto";
  std::string image_tokenizer_dtype =
      "fp32";                // of MoVQGAN's decoder: fp32 or bf16; it encodes in fp32
  int threads = 0;           // 0: one per core
  bool check_memory = true;  // refuse before loading what cannot fit
  TokenIds token_ids;
};

struct SamplingOptions {
  double guidance_scale = 4.0;                 // >= 0; 1 turns guidance off
  std::string guidance_schedule = "constant";  // or "reference": decays, never below 4
  std::int64_t image_top_k = 4096;             // >= 1; 1 is greedy
  std::int64_t text_top_k = 10;                // >= 1
  double temperature = 1.0;                    // > 0
  std::string mode = "forced";                 // or "reference": samples the header as well
  std::uint64_t seed = 0;
};

// How many codes a pass may decide. All Jacobi modes feed a window of guesses and keep those that
// hold; mc, gum and sjd sample the same law as sequential.
struct DecodingOptions {
  // sequential: one code per pass. mc: guesses that still fit stay, from pass to pass, the fastest.
  // gum: noise belongs to the place, so the picture is sequential's of the same seed. sjd: as
  // published. Changing the law: mc-lambda, no code more than lambda times as likely; ref, as the
  // reference does it.
  std::string mode = "sequential";
  int window = 0;  // tokens that a pass feeds, 4 .. 64; 0: what suits the device
  // Where nothing was guessed yet: "neighbour" draws from the law to the left, "random" any code,
  // "left" and "above" copy a code. auto: random for ref and sjd, neighbour otherwise.
  std::string initialization = "auto";
  double lambda = 1.1;  // of mc-lambda: >= 1
  // Pictures that are drawn side by side at most, in the same passes: 1 .. 64; 0: what suits the
  // device. Each has the law that it has alone; sums are rounded in another order.
  int together = 0;
};

// One picture to make.
struct Request {
  std::vector<std::int32_t> prompt;  // token ids: BOS, text, separator
  int width = 256;                   // of the whole picture, pixels, a multiple of 32
  int height = 256;
  // RGB bytes [height / 2, width, 3] of the upper half, or empty: then the model draws both halves.
  std::vector<std::uint8_t> given;
  SamplingOptions sampling;
  DecodingOptions decoding;
  bool allow_partial = false;  // an unfinished picture is a result, not an error
  bool decode_image = true;    // false: stop at the codes (no MoVQGAN decode)

  void set_prompt(const std::int32_t* ids, std::size_t count) { prompt.assign(ids, ids + count); }
  void set_given(const std::uint8_t* rgb, std::size_t count) { given.assign(rgb, rgb + count); }
};

// 8-bit RGB, rows top to bottom: pixels [height, width, 3].
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;

  void set_pixels(const std::uint8_t* rgb, std::size_t count) { pixels.assign(rgb, rgb + count); }
  const std::uint8_t* pixel_data() const { return pixels.data(); }
  std::size_t pixel_count() const { return pixels.size(); }  // bytes
};

// Image codes, row-major: values [rows, columns], each in 0 .. codebook size - 1.
struct Codes {
  int rows = 0;
  int columns = 0;
  std::vector<std::int32_t> values;

  void set_values(const std::int32_t* codes, std::size_t count) {
    values.assign(codes, codes + count);
  }
  const std::int32_t* value_data() const { return values.data(); }
  std::size_t value_count() const { return values.size(); }
};

// Where a request is. Phases come in this order; a phase that is not needed is left out.
struct Progress {
  enum Phase { kEncode = 0, kPrefill = 1, kDecode = 2, kImageDecode = 3 };
  int phase = kPrefill;
  int rows_done = 0;              // rows of codes that exist, given ones included
  int rows_total = 0;             // 0 until known
  std::int64_t tokens_done = 0;   // generated so far, newlines included
  std::int64_t tokens_total = 0;  // to generate; 0 until known
  double seconds = 0.0;           // since the request began
  // Drawn side by side; what is told is that of the one that is least far.
  int pictures = 1;
  // Codes that exist, given ones included: [codes_done] row-major, `columns` to a row, whole rows
  // or not. The engine's own, unchanged during the call and not to be kept beyond it; null if none.
  const std::int32_t* codes = nullptr;
  std::int64_t codes_done = 0;
  int columns = 0;  // 0 until known
};

// Of pictures that were drawn side by side, the time that they took together is shared out evenly.
struct Stats {
  std::int64_t prompt_tokens = 0;     // of the conditional row, header and given rows included
  std::int64_t generated_tokens = 0;  // codes, newlines and end that this request made
  std::int64_t passes = 0;            // forward passes after the prefill
  int window = 1;                     // tokens that a pass fed to each picture
  int together = 1;                   // pictures that shared the passes
  double encode_seconds = 0.0;        // MoVQGAN encode of the given half
  double prefill_seconds = 0.0;
  double decode_seconds = 0.0;    // all passes with sampling
  double model_seconds = 0.0;     // of these, in the transformer and its head
  double sampling_seconds = 0.0;  // and from logits to codes and guesses
  // Of the law of a code, on average: what mc-lambda moved, as total variation (0 .. 1).
  double law_shift = 0.0;
  double image_decode_seconds = 0.0;  // MoVQGAN decode
  double total_seconds = 0.0;
  std::int64_t peak_memory_bytes = 0;  // of the process so far, resident
  // [n]: passes behind the header that decided n codes; newlines and end ride along.
  std::vector<std::int64_t> codes_per_pass;

  const std::int64_t* codes_per_pass_data() const { return codes_per_pass.data(); }
  std::size_t codes_per_pass_count() const { return codes_per_pass.size(); }
};

struct Result {
  Image image;  // whole picture; rows done only, if partial
  Codes codes;  // rows done so far
  int rows_expected = 0;
  std::string finish = "complete";  // or "partial"
  Stats stats;
};

// What became of pictures that were drawn side by side, in the order of their seeds.
struct Results {
  std::vector<Result> all;

  std::size_t count() const { return all.size(); }
  const Result& at(std::size_t i) const { return all.at(i); }
};

// Hears about a request while it runs, on the thread that called generate.
class Observer {
 public:
  virtual ~Observer() = default;
  // Called once per phase change and per step; false stops the request with kCancelled.
  virtual bool on_progress(const Progress& progress) = 0;
};

// May be set from any thread; looked at once per step. Never reset: one flag, one request.
class CancellationFlag {
 public:
  void cancel() { cancelled_.store(true, std::memory_order_relaxed); }
  bool is_cancelled() const { return cancelled_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> cancelled_{false};
};

}  // namespace lumina
