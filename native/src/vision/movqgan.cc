#include "vision/movqgan.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <optional>

#include "lumina/status.h"
#include "vision/decoder.h"
#include "vision/encoder.h"
#include "vision/quantizer.h"

namespace lumina::vision {
namespace {

// Encoder or decoder with the 1x1 convolution between it and its own copy of the codebook, which is
// the same memory unless the two halves have different types.
struct EncodingHalf {
  explicit EncodingHalf(const WeightReader& reader, const MovqganConfig& config)
      : encoder(reader, config), quant_conv(reader, "quant_conv"), quantizer(reader) {}
  Encoder encoder;
  Convolution quant_conv;
  Quantizer quantizer;
};

struct DecodingHalf {
  explicit DecodingHalf(const WeightReader& reader, const MovqganConfig& config)
      : quantizer(reader),
        post_quant_conv(reader, "post_quant_conv", /*wide=*/true),
        decoder(reader, config) {}
  Quantizer quantizer;
  Pointwise post_quant_conv;
  Decoder decoder;
};

std::string shape_text(const at::Tensor& tensor) {
  if (!tensor.defined()) return "nothing";
  return checkpoint::shape_text(tensor.sizes().vec());
}

void check_codes(const at::Tensor& codes, std::int64_t codebook_size) {
  const bool integers =
      codes.defined() && (codes.scalar_type() == at::kLong || codes.scalar_type() == at::kInt);
  if (!integers || codes.dim() != 3 || codes.numel() == 0) {
    throw Error(ErrorCode::kInvalidArgument,
                "image codes must be integers [batch, rows, columns], got " + shape_text(codes));
  }
  const auto [low, high] = at::aminmax(codes);
  const std::int64_t smallest = low.item<std::int64_t>(), largest = high.item<std::int64_t>();
  if (smallest < 0 || largest >= codebook_size) {
    throw Error(ErrorCode::kInvalidArgument,
                "image code " + std::to_string(smallest < 0 ? smallest : largest) +
                    " is outside 0.." + std::to_string(codebook_size - 1));
  }
}

}  // namespace

struct Movqgan::Networks {
  std::optional<EncodingHalf> encoding;
  std::optional<DecodingHalf> decoding;

  const DecodingHalf& needed_decoding() const {
    if (!decoding) {
      throw Error(ErrorCode::kInvalidArgument,
                  "the image tokenizer was loaded without its decoder");
    }
    return *decoding;
  }
};

Movqgan::Movqgan(const checkpoint::WeightSet& weights, const MovqganOptions& options)
    : options_(options) {
  const c10::InferenceMode inference;
  if (options.encoder_dtype != at::kFloat && options.encoder_dtype != at::kDouble) {
    throw Error(ErrorCode::kInvalidArgument, "the image encoder computes in float32 or float64");
  }
  if (options.decoder_dtype != at::kFloat && options.decoder_dtype != at::kDouble &&
      options.decoder_dtype != at::kBFloat16) {
    throw Error(ErrorCode::kInvalidArgument,
                "the image decoder computes in float32, float64 or bfloat16");
  }
  config_ = infer_config(weights);
  require_movqgan(weights, config_, options.part);
  auto networks = std::make_unique<Networks>();
  if (options.part != MovqganPart::kDecoder) {
    networks->encoding.emplace(WeightReader(weights, options.encoder_dtype, options.device),
                               config_);
  }
  if (options.part != MovqganPart::kEncoder) {
    networks->decoding.emplace(WeightReader(weights, options.decoder_dtype, options.device),
                               config_);
  }
  networks_ = std::move(networks);
}

Movqgan::~Movqgan() = default;
Movqgan::Movqgan(Movqgan&&) noexcept = default;

const MovqganConfig& Movqgan::config() const { return config_; }

const at::Tensor& Movqgan::codebook() const {
  return networks_->needed_decoding().quantizer.codebook();
}

at::Tensor Movqgan::encode(const at::Tensor& image, const Tap& tap) const {
  const c10::InferenceMode inference;
  if (!networks_->encoding) {
    throw Error(ErrorCode::kInvalidArgument, "the image tokenizer was loaded without its encoder");
  }
  const std::int64_t smallest = config_.downsampling();
  if (!image.defined() || !image.is_floating_point() || image.dim() != 4 || image.size(0) < 1 ||
      image.size(1) != 3 || image.size(2) < smallest || image.size(3) < smallest) {
    throw Error(
        ErrorCode::kInvalidArgument,
        "an image must be floating-point [batch, 3, height, width], sides at least 8, got " +
            shape_text(image));
  }
  const EncodingHalf& half = *networks_->encoding;
  const at::Tensor z =
      half.quant_conv(half.encoder(image.to(options_.device, options_.encoder_dtype), tap));
  tap("quant_conv", z);
  if (!all_finite(z)) {
    throw Error(ErrorCode::kNumerical, "the image encoder gave a value that is not finite");
  }
  return half.quantizer.nearest(z).cpu();
}

at::Tensor Movqgan::decode(const at::Tensor& codes, const Tap& tap) const {
  const c10::InferenceMode inference;
  const DecodingHalf& half = networks_->needed_decoding();
  check_codes(codes, config_.codebook_size);
  const at::Tensor latent = half.quantizer.lookup(codes.to(options_.device));
  const at::Tensor projected =
      half.post_quant_conv(latent.permute({0, 2, 3, 1})).permute({0, 3, 1, 2});
  tap("post_quant_conv", projected);
  at::Tensor image = half.decoder(projected.to(options_.decoder_dtype), latent, tap);
  if (!all_finite(image)) {
    throw Error(ErrorCode::kNumerical, "the image decoder gave a value that is not finite");
  }
  return image.contiguous().cpu();
}

}  // namespace lumina::vision
