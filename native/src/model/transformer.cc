#include "model/transformer.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <optional>
#include <string>

#include "device/tensors.h"
#include "lumina/status.h"
#include "model/layout.h"

namespace lumina::model {
namespace {

// Runs before any weight is touched, so that a wrong checkpoint is told by name.
const checkpoint::WeightSet& checked(const checkpoint::WeightSet& weights,
                                     const checkpoint::ModelConfig& config,
                                     const Storage& storage) {
  if (storage.dtype != at::kFloat && storage.dtype != at::kBFloat16) {
    throw Error(ErrorCode::kInvalidArgument, "the transformer runs in fp32 or bf16");
  }
  require_transformer(weights, config);
  const quant::Format* stored = stored_format(weights);
  if (stored != nullptr && storage.format != nullptr && stored != storage.format) {
    throw Error(ErrorCode::kInvalidArgument, weights.source() + ": is quantised as " +
                                                 stored->name() + ", not " +
                                                 storage.format->name());
  }
  return weights;
}

std::vector<Layer> load_layers(const checkpoint::ModelConfig& config,
                               const checkpoint::WeightSet& weights, const Storage& storage) {
  std::vector<Layer> layers;
  layers.reserve(config.num_hidden_layers);
  for (std::int64_t i = 0; i < config.num_hidden_layers; ++i) {
    layers.emplace_back(config, weights, i, storage);
  }
  return layers;
}

bool shares_embedding(const checkpoint::ModelConfig& config, const checkpoint::WeightSet& weights) {
  return config.tie_word_embeddings && weights.find(std::string(kHead) + ".weight") == nullptr;
}

Linear load_head(const checkpoint::ModelConfig& config, const checkpoint::WeightSet& weights,
                 const at::Tensor& embedding, const Storage& storage) {
  if (shares_embedding(config, weights)) return Linear(embedding);
  return Linear::load(weights, kHead, /*bias=*/false, storage);
}

// The head's rows of image codes, the only ones that a step reads, of 8 bits where the layers are
// quantised on a CPU; none otherwise. The whole head stays as it is: mostly it is never touched.
std::optional<Linear> load_image_head(const checkpoint::ModelConfig& config,
                                      const checkpoint::WeightSet& weights,
                                      const Storage& storage) {
  const bool quantized = storage.format != nullptr || stored_format(weights) != nullptr;
  const std::int64_t first = config.image_token_offset, count = config.image_codebook_size;
  if (!quantized || !storage.device.is_cpu() || first + count > config.vocab_size) {
    return std::nullopt;
  }
  const std::string tensor =
      shares_embedding(config, weights) ? kEmbeddingWeight : std::string(kHead) + ".weight";
  return Linear::quantized_rows(weights, tensor, image_head_format(), storage, first, count);
}

}  // namespace

Transformer::Transformer(const checkpoint::ModelConfig& config,
                         const checkpoint::WeightSet& weights, const Storage& storage)
    : config_(config),
      dtype_(storage.dtype),
      cache_dtype_(storage.round_cache ? at::kChar : storage.dtype),
      embedding_(device::to_tensor(checked(weights, config, storage).get(kEmbeddingWeight), dtype_,
                                   storage.device)),
      rotary_(config),
      layers_(load_layers(config, weights, storage)),
      norm_(RmsNorm::load(weights, kFinalNorm, config.rms_norm_eps, storage)),
      head_(load_head(config, weights, embedding_, storage)),
      image_head_(load_image_head(config, weights, storage)) {}

KvCache Transformer::new_cache(int rows, std::int64_t capacity) const {
  return KvCache(config_, rows, capacity, cache_dtype_, device());
}

at::Tensor Transformer::forward(const std::vector<int>& rows, const at::Tensor& ids, KvCache& cache,
                                const ForwardHooks& hooks) const {
  const c10::InferenceMode guard;
  check_input(rows, ids, cache);
  const std::int64_t total = ids.size(1);
  std::vector<std::int64_t> starts;
  for (const int row : rows) starts.push_back(cache.length(row));
  const Rotation rotation = rotary_.at(starts, total, dtype_).to(device());
  const at::Tensor there = ids.to(device());

  std::vector<at::Tensor> hidden;
  for (std::int64_t first = 0; first < total; first += kChunk) {
    const std::int64_t count = std::min(kChunk, total - first);
    const Window window = make_window(rows, starts, count, rotation.narrow(first, count), device());
    WindowMemory memory(window, cache);
    hidden.push_back(pass(there.narrow(1, first, count), window.rotation, memory, hooks));
    for (std::size_t b = 0; b < rows.size(); ++b) {
      cache.extend(rows[b], count);
      starts[b] += count;
    }
  }
  return hidden.size() == 1 ? hidden.front() : at::cat(hidden, 1);
}

at::Tensor Transformer::pass(const at::Tensor& ids, const Rotation& rotation, PassMemory& memory,
                             const ForwardHooks& hooks) const {
  const auto tap = [&](const std::string& name, const at::Tensor& value) {
    if (hooks.tap) hooks.tap(name, value);
  };
  at::Tensor x = at::embedding(embedding_, ids);  // [B, T, H]
  tap("embed", x);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    if (hooks.before_layer) hooks.before_layer();
    x = layers_[i](x, rotation, memory);
    tap("layers." + std::to_string(i), x);
  }
  x = norm_(x);
  tap("norm", x);
  return x;
}

at::Tensor Transformer::logits(const at::Tensor& hidden, std::int64_t first_id,
                               std::int64_t count) const {
  if (first_id < 0 || count < 1 || first_id + count > config_.vocab_size) {
    throw Error(ErrorCode::kInternal, "logits of ids outside the vocabulary were asked for");
  }
  const c10::InferenceMode guard;
  const std::int64_t code = first_id - config_.image_token_offset;
  const bool codes = code >= 0 && code + count <= config_.image_codebook_size;
  const Linear rows =
      image_head_ && codes ? image_head_->rows(code, count) : head_.rows(first_id, count);
  return rows(hidden).to(at::kFloat);
}

void Transformer::check_input(const std::vector<int>& rows, const at::Tensor& ids,
                              const KvCache& cache) const {
  if (ids.dim() != 2 || ids.size(0) != static_cast<std::int64_t>(rows.size()) || ids.numel() == 0 ||
      ids.scalar_type() != at::kLong) {
    throw Error(ErrorCode::kInternal, "forward takes int64 ids [rows, tokens]");
  }
  for (const int row : rows) {
    if (row < 0 || row >= cache.rows() || std::count(rows.begin(), rows.end(), row) != 1) {
      throw Error(ErrorCode::kInternal, "forward takes distinct rows of the cache");
    }
    if (cache.length(row) + ids.size(1) > cache.capacity()) {
      throw Error(ErrorCode::kInternal, "the key/value cache is full: " +
                                            std::to_string(cache.capacity()) + " positions");
    }
  }
  const std::int64_t least = ids.min().item<std::int64_t>();
  const std::int64_t most = ids.max().item<std::int64_t>();
  if (least < 0 || most >= config_.vocab_size) {
    throw Error(ErrorCode::kInvalidArgument,
                "token id " + std::to_string(least < 0 ? least : most) +
                    " is outside the vocabulary of " + std::to_string(config_.vocab_size));
  }
}

}  // namespace lumina::model
