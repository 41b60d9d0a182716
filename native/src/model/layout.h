// Names and shapes of the transformer's tensors in a checkpoint (docs/spec/model.md 2). No tensor
// library.
#pragma once

#include <string>
#include <vector>

#include "checkpoint/model_config.h"
#include "checkpoint/weight_set.h"

namespace lumina::quant {
class Format;
}

namespace lumina::model {

// Every tensor that the model of this configuration needs, in the order of the reference's state
// dict: embedding, layers, final norm, head. With a tied head, `lm_head.weight` is not among them.
std::vector<checkpoint::TensorSpec> transformer_tensors(const checkpoint::ModelConfig& config);

// Names to find a transformer by among what a file holds: WeightSet::open().
const std::vector<std::string>& transformer_anchors();

// Whether a tensor is a matrix of a layer, which quantisation applies to: those of q_proj, k_proj,
// v_proj, o_proj, gate_proj, up_proj and down_proj.
bool is_layer_matrix(const std::string& name);

// "X.codes": the name of a part of the quantised tensor X.
std::string part_name(const std::string& tensor, const std::string& part);

// `specs` with the parts of each layer matrix in its place, as a quantised file holds them.
std::vector<checkpoint::TensorSpec> quantized_tensors(
    const std::vector<checkpoint::TensorSpec>& specs, const quant::Format& format);

// Tensors that may be in a checkpoint although the model has no use for them: the Chameleon image
// tokenizer and stored rotary tables.
bool is_ignored_tensor(const std::string& name);

// Throws Error(kCheckpoint) unless `weights` holds exactly the model's tensors, or their quantised
// parts if it says so (stored_format()), ignored ones aside.
// A tied head may be stored as well and is then held to its shape like any other.
void require_transformer(const checkpoint::WeightSet& weights,
                         const checkpoint::ModelConfig& config);

// The tensors of `weights` that the model computes with: neither ignored ones nor a head that is
// tied.
checkpoint::WeightSet used_tensors(const checkpoint::WeightSet& weights,
                                   const checkpoint::ModelConfig& config);

// "model.layers.N."
std::string layer_prefix(std::int64_t layer);

inline constexpr char kEmbeddingWeight[] = "model.embed_tokens.weight";
inline constexpr char kFinalNorm[] = "model.norm";
inline constexpr char kHead[] = "lm_head";

}  // namespace lumina::model
