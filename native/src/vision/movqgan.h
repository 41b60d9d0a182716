// The image tokenizer: pictures to codes and back (docs/spec/movqgan.md section 6).
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/ScalarType.h>

#include <memory>

#include "checkpoint/weight_set.h"
#include "vision/layout.h"
#include "vision/tap.h"

namespace lumina::vision {

struct MovqganOptions {
  MovqganPart part = MovqganPart::kBoth;
  // float32 or float64; a shorter type would pick other codes.
  at::ScalarType encoder_dtype = at::kFloat;
  // float32, float64 or bfloat16: convolutions only, statistics and softmax stay float32.
  at::ScalarType decoder_dtype = at::kFloat;
  at::Device device = at::kCPU;  // where weights lie; pictures and codes are on the CPU
};

// Immutable after construction: any number of threads may encode and decode at once. Weights whose
// type already fits stay where the weight set has them (usually a mapped file).
class Movqgan {
 public:
  // Sizes are inferred from `weights`. Throws Error(kCheckpoint) for weights that are missing,
  // misshapen, unknown or not finite, Error(kInvalidArgument) for a type that is not supported.
  explicit Movqgan(const checkpoint::WeightSet& weights, const MovqganOptions& options = {});
  ~Movqgan();
  Movqgan(Movqgan&&) noexcept;

  // [B, 3, H, W], RGB in [-1, 1], H and W at least 8 -> codes [B, floor(H/8), floor(W/8)] int64.
  // Pixels beyond the last multiple of 8 influence the codes and are lost on decoding; callers that
  // do not want that crop first. Throws Error(kInvalidArgument) for another shape,
  // Error(kNumerical) if the latent is not finite.
  at::Tensor encode(const at::Tensor& image, const Tap& tap = {}) const;

  // Codes [B, h, w], int64 or int32 -> [B, 3, 8h, 8w] in the decoder's type, roughly in [-1, 1] but
  // not clamped. Throws Error(kInvalidArgument) for another shape or a code outside the codebook,
  // before any work; Error(kNumerical) if the picture is not finite.
  at::Tensor decode(const at::Tensor& codes, const Tap& tap = {}) const;

  // [codebook size, embed_dim]. Throws Error(kInvalidArgument) without a decoder.
  const at::Tensor& codebook() const;

  const MovqganConfig& config() const;

 private:
  struct Networks;
  MovqganConfig config_;
  MovqganOptions options_;
  std::unique_ptr<const Networks> networks_;
};

}  // namespace lumina::vision
