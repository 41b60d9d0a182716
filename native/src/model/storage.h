// How a model's weights are held in memory.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include "checkpoint/weight_set.h"
#include "quant/format.h"

namespace lumina::model {

struct Storage {
  // NOLINTNEXTLINE(google-explicit-constructor): a plain type is a way to hold weights
  Storage(at::ScalarType type) : dtype(type) {}

  at::Device device = at::kCPU;
  at::ScalarType dtype;                   // of activations and all that is not quantised
  bool round_cache = false;               // keys and values to 8 bits; else the cache is of dtype
  const quant::Format* format = nullptr;  // of the layers' matrices; null: dtype
  bool round_activations = true;          // to 8 bits, where a quantised matrix multiplies them
};

// How the rows of image codes of the output head are held where the layers are quantised.
const quant::Format& image_head_format();

// Metadata of a weight file whose matrices are quantised: the name of the format.
inline constexpr char kFormatKey[] = "lumina.format";

// The format that the matrices of `weights` are stored in; null if they are plain numbers. Throws
// Error(kCheckpoint) for one that this version does not know.
const quant::Format* stored_format(const checkpoint::WeightSet& weights);

// Throws Error(kInvalidArgument), "<source>: <use> needs weights that are not quantised", unless
// they are plain numbers.
void require_plain(const checkpoint::WeightSet& weights, const std::string& use);

}  // namespace lumina::model
