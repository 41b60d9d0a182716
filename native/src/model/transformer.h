// The decoder-only transformer of Lumina-mGPT 2.0 (docs/spec/model.md 3): token ids in, logits out.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/model_config.h"
#include "checkpoint/weight_set.h"
#include "model/kv_cache.h"
#include "model/layer.h"
#include "model/linear.h"
#include "model/norm.h"
#include "model/rotary.h"
#include "model/storage.h"

namespace lumina::model {

// What a caller may watch during a pass. A long window runs in chunks, and hooks are called in
// every chunk; an exception from a hook ends the pass and leaves the cache lengths of that chunk
// alone.
struct ForwardHooks {
  std::function<void()> before_layer;
  // "embed", "layers.N" (output of layer N), "norm": [B, T, H].
  std::function<void(const std::string& name, const at::Tensor& value)> tap;
};

// Immutable once made; a pass changes only the cache it is given.
class Transformer {
 public:
  // Tokens that pass through the layers at once, so that attention memory is bounded for any
  // prompt.
  static constexpr std::int64_t kChunk = 512;

  // `storage.dtype`: fp32 or bf16. Weights that are stored quantised stay so. Throws
  // Error(kCheckpoint) if a tensor is missing, of another shape or cannot be quantised,
  // kInvalidArgument for another dtype, or for a format other than the stored one.
  Transformer(const checkpoint::ModelConfig& config, const checkpoint::WeightSet& weights,
              const Storage& storage);

  const checkpoint::ModelConfig& config() const { return config_; }
  at::ScalarType dtype() const { return dtype_; }
  at::ScalarType cache_dtype() const { return cache_dtype_; }
  at::Device device() const { return embedding_.device(); }  // of weights, caches and passes

  // A cache for this model.
  KvCache new_cache(int rows, std::int64_t capacity) const;

  // Appends T tokens to each of B cache rows, at that row's own length, and returns the hidden
  // states behind the final norm: ids [B, T] int64, rows [B] distinct -> [B, T, H] in dtype().
  // Throws Error(kInvalidArgument) for an id outside the vocabulary, kInternal if the cache has no
  // room.
  at::Tensor forward(const std::vector<int>& rows, const at::Tensor& ids, KvCache& cache,
                     const ForwardHooks& hooks = {}) const;

  // The layers and the final norm, whatever keeps keys and values: ids [B, T] int64 and the
  // rotations of their places -> hidden states [B, T, H]. Checks nothing and looks at no number, so
  // that a CUDA graph can hold it.
  at::Tensor pass(const at::Tensor& ids, const Rotation& rotation, PassMemory& memory,
                  const ForwardHooks& hooks = {}) const;
  const Rotary& rotary() const { return rotary_; }

  // Logits of ids first_id .. first_id + count - 1: hidden [.., H] -> [.., count] fp32. Only those
  // rows of the head are read.
  at::Tensor logits(const at::Tensor& hidden, std::int64_t first_id, std::int64_t count) const;

 private:
  void check_input(const std::vector<int>& rows, const at::Tensor& ids, const KvCache& cache) const;

  checkpoint::ModelConfig config_;
  at::ScalarType dtype_;
  at::ScalarType cache_dtype_;
  at::Tensor embedding_;  // [V, H]
  Rotary rotary_;
  std::vector<Layer> layers_;
  RmsNorm norm_;
  Linear head_;
  std::optional<Linear> image_head_;  // its rows of image codes, quantised
};

}  // namespace lumina::model
