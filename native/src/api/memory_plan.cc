#include "api/memory_plan.h"

#include <algorithm>

#include "checkpoint/tensor.h"
#include "model/layout.h"
#include "model/storage.h"

namespace lumina::api {

std::int64_t element_bytes(Precision precision) { return precision == Precision::kFp32 ? 4 : 2; }

std::int64_t transformer_parameters(const checkpoint::ModelConfig& config) {
  return checkpoint::total_elements(model::transformer_tensors(config));
}

std::int64_t transformer_bytes(const checkpoint::ModelConfig& config, Precision precision,
                               const quant::Format* format) {
  std::int64_t bytes = 0;
  for (const auto& spec : model::transformer_tensors(config)) {
    bytes += format != nullptr && model::is_layer_matrix(spec.name)
                 ? format->layout(spec.shape[0], spec.shape[1]).bytes()
                 : checkpoint::total_elements({spec}) * element_bytes(precision);
  }
  if (format != nullptr) {
    bytes +=
        model::image_head_format().layout(config.image_codebook_size, config.hidden_size).bytes();
  }
  return bytes;
}

std::int64_t movqgan_parameters(const vision::MovqganConfig& config) {
  return checkpoint::total_elements(vision::movqgan_tensors(config));
}

std::int64_t movqgan_bytes(const vision::MovqganConfig& config, Precision decoder) {
  const auto whole = checkpoint::total_elements(vision::movqgan_tensors(config));
  const auto decoding =
      checkpoint::total_elements(vision::movqgan_tensors(config, vision::MovqganPart::kDecoder));
  return (whole - decoding) * 4 + decoding * element_bytes(decoder);
}

bool makes_way(std::int64_t cache) { return cache > std::int64_t{1} << 30; }

std::int64_t drawing_bytes(std::int64_t cache, std::int64_t image_decode) {
  return makes_way(cache) ? std::max(cache, image_decode) : cache + image_decode;
}

}  // namespace lumina::api
