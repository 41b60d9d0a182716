// What a way of running needs in memory, from sizes alone: the figures behind `inspect` and behind
// the refusal to load what cannot fit. Bytes.
#pragma once

#include <cstdint>

#include "checkpoint/model_config.h"
#include "quant/format.h"
#include "vision/layout.h"

namespace lumina::api {

enum class Precision { kFp32, kBf16 };

std::int64_t element_bytes(Precision precision);

// `format`: of the layers' matrices, or null. Quantised ones come with rows of the head of their
// own.
std::int64_t transformer_bytes(const checkpoint::ModelConfig& config, Precision precision,
                               const quant::Format* format = nullptr);
std::int64_t transformer_parameters(const checkpoint::ModelConfig& config);
std::int64_t movqgan_parameters(const vision::MovqganConfig& config);
// Encoder in fp32, decoder in `decoder`.
std::int64_t movqgan_bytes(const vision::MovqganConfig& config, Precision decoder);

// Whether a cache of that many bytes is given up before the picture is decoded. The next request
// then makes its own, which takes little beside such a picture.
bool makes_way(std::int64_t cache);
// What a picture needs beyond the weights, from its cache and the decoder's working memory.
std::int64_t drawing_bytes(std::int64_t cache, std::int64_t image_decode);

}  // namespace lumina::api
