#include "checkpoint/model_config_keys.h"

namespace lumina::checkpoint {
namespace {

using Use = KnownKey::Use;

struct Group {
  const char* remark;
  std::vector<const char*> keys;
};

// Read by ModelConfig::parse and read_rope.
constexpr const char* kRead[] = {
    "vocab_size",
    "hidden_size",
    "intermediate_size",
    "num_hidden_layers",
    "num_attention_heads",
    "num_key_value_heads",
    "head_dim",
    "rms_norm_eps",
    "max_position_embeddings",
    "model_parallel_size",
    "attention_bias",
    "mlp_bias",
    "swin_norm",
    "tie_word_embeddings",
    "layer_types",
    "rope_theta",
    "rope_scaling",
    "rope_parameters",
    "image_token_offset",
    "image_codebook_size",
};

// What would change the model, with the values at which it does not.
const std::vector<KnownKey>& fixed() {
  static const std::vector<KnownKey> keys = {
      {"model_type", Use::kFixed, R"(["chameleon"])"},
      {"hidden_act", Use::kFixed, R"(["silu", "swish"])"},  // two names of one function
      {"quantization_config", Use::kFixed, "[{}]",
       "weights that another program has quantised cannot be read; take the original ones, and "
       "quantise them here"},
      {"compression_config", Use::kFixed, "[{}]",
       "weights that another program has compressed cannot be read; take the original ones"},
      {"partial_rotary_factor", Use::kFixed, "[1.0]", "this model turns whole heads"},
      {"sliding_window", Use::kFixed, "[]", "this model attends to everything before"},
      {"use_sliding_window", Use::kFixed, "[false]", "this model attends to everything before"},
      {"attention_chunk_size", Use::kFixed, "[]", "this model attends to everything before"},
      {"is_encoder_decoder", Use::kFixed, "[false]", "this model has a decoder only"},
      {"add_cross_attention", Use::kFixed, "[false]", "this model has a decoder only"},
      {"cross_attention_hidden_size", Use::kFixed, "[]", "this model has a decoder only"},
      {"pruned_heads", Use::kFixed, "[{}]", "heads that were cut out are not supported"},
      {"use_qk_norm", Use::kFixed, "[true]", "this model normalises queries and keys"},
      {"qk_layernorm", Use::kFixed, "[true]", "this model normalises queries and keys"},
      {"attn_logit_softcapping", Use::kFixed, "[]", "this model does not cap its scores"},
      {"final_logit_softcapping", Use::kFixed, "[]", "this model does not cap its logits"},
      {"attention_multiplier", Use::kFixed, "[]", "this model scales its scores by its head size"},
      {"query_pre_attn_scalar", Use::kFixed, "[]", "this model scales its scores by its head size"},
      {"logit_scale", Use::kFixed, "[1.0]", "this model does not scale its logits"},
      {"logits_scaling", Use::kFixed, "[1.0]", "this model does not scale its logits"},
      {"embedding_multiplier", Use::kFixed, "[1.0]", "this model does not scale its embedding"},
      {"residual_multiplier", Use::kFixed, "[1.0]", "this model does not scale its residuals"},
  };
  return keys;
}

// What cannot change what is computed, whatever it is.
const std::vector<Group>& harmless() {
  static const std::vector<Group> groups = {
      {"information",
       {"_name_or_path", "_commit_hash", "architectures", "transformers_version", "auto_map",
        "unsloth_version", "unsloth_fixed", "transformers.js_config", "finetuning_task",
        "task_specific_params", "problem_type", "id2label", "label2id", "prefix", "num_labels"}},
      // The weights have a type of their own, and --dtype says what is computed in.
      {"the weights say their own type", {"torch_dtype", "dtype", "use_bfloat16"}},
      {"how PyTorch computes, not what",
       {"_attn_implementation", "_attn_implementation_autoset", "_attn_implementation_internal",
        "attn_implementation", "_experts_implementation", "experts_implementation",
        "use_flash_attention", "use_flash_attn", "use_cache", "return_dict", "torchscript",
        "output_attentions", "output_hidden_states", "chunk_size_feed_forward", "tf_legacy_loss",
        "pretraining_tp", "is_decoder", "tie_encoder_decoder", "gradient_checkpointing"}},
      {"for training",
       {"attention_dropout", "dropout", "hidden_dropout", "attn_pdrop", "resid_pdrop", "embd_pdrop",
        "initializer_range", "z_loss_weight", "loss_type"}},
      {"the tokenizer and generation decide",
       {"bos_token_id",
        "eos_token_id",
        "pad_token_id",
        "sep_token_id",
        "mask_token_id",
        "image_token_id",
        "image_token_index",
        "boi_token_id",
        "eoi_token_id",
        "mask_token",
        "image_token",
        "tokenizer_class",
        "decoder_start_token_id",
        "forced_bos_token_id",
        "forced_eos_token_id",
        "bad_words_ids",
        "suppress_tokens",
        "begin_suppress_tokens",
        "do_sample",
        "temperature",
        "top_k",
        "top_p",
        "typical_p",
        "min_p",
        "repetition_penalty",
        "length_penalty",
        "diversity_penalty",
        "num_beams",
        "num_beam_groups",
        "num_return_sequences",
        "max_length",
        "min_length",
        "max_new_tokens",
        "early_stopping",
        "no_repeat_ngram_size",
        "encoder_no_repeat_ngram_size",
        "exponential_decay_length_penalty",
        "remove_invalid_values",
        "output_scores",
        "return_dict_in_generate"}},
      // Of the names in the map the engine needs none; mask_image_logits hides those that begin
      // with IMGIMG, which codes of this model do not.
      {"of the Chameleon image tokenizer, which is not used",
       {"vq_config", "vocabulary_map", "mask_image_logits"}},
      {"only with a kind of scaling that is not supported", {"original_max_position_embeddings"}},
  };
  return groups;
}

}  // namespace

const std::vector<KnownKey>& model_config_keys() {
  static const std::vector<KnownKey> keys = [] {
    std::vector<KnownKey> all = fixed();
    for (const char* key : kRead) all.push_back({key, Use::kRead});
    for (const Group& group : harmless()) {
      for (const char* key : group.keys) all.push_back({key, Use::kHarmless, "[]", group.remark});
    }
    return all;
  }();
  return keys;
}

}  // namespace lumina::checkpoint
