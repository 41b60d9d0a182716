// From EngineOptions to models in memory, with every check before the first large allocation.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "api/memory_plan.h"
#include "lumina/status.h"
#include "lumina/types.h"
#include "model/transformer.h"
#include "vision/movqgan.h"

namespace lumina::api {

struct Loaded {
  at::Device device = at::kCPU;                     // of both
  std::unique_ptr<model::Transformer> transformer;  // null without a model folder
  std::unique_ptr<vision::Movqgan> movqgan;         // null without an image tokenizer
  const quant::Format* format = nullptr;            // of its matrices; null: not quantised
  Precision image_precision = Precision::kFp32;     // of the picture decoder
  nlohmann::json description;                       // as inspect gives it
};

// Sets the number of threads, process-wide. Throws Error of every kind that Engine::open names.
Loaded load(const EngineOptions& options);

}  // namespace lumina::api
