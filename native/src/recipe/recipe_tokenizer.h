// A tokenizer for checkpoints made from the recipe: byte-level BPE as in Qwen2.5, without merges (a
// token per byte), and the control tokens of docs/spec/model.md 4.2 by their real names. With the
// image codes at the released place all ids are the released ones; otherwise they are packed.
#pragma once

#include <cstdint>
#include <string>

#include "checkpoint/model_config.h"

namespace lumina::recipe {

// Sets image_token_offset, image_codebook_size and vocab_size to the smallest vocabulary that holds
// the bytes, all control tokens and `codebook_size` image codes.
void set_small_vocabulary(checkpoint::ModelConfig& config, std::int64_t codebook_size);

// tokenizer.json of the Hugging Face `tokenizers` library; ids 0 .. vocab_size - 1, no gaps. Throws
// Error(kInvalidArgument) if the tokens do not fit below config.image_token_offset, or the image
// codes and one more token not below config.vocab_size.
std::string tokenizer_json(const checkpoint::ModelConfig& config);

// tokenizer_config.json: no BOS token, EOS <|im_end|>.
std::string tokenizer_config_json();

}  // namespace lumina::recipe
