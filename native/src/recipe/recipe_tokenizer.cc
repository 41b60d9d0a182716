#include "recipe/recipe_tokenizer.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <vector>

#include "lumina/status.h"

namespace lumina::recipe {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kBytes = 256;
// Released checkpoints: a vocabulary of Qwen2.5 in front of the control tokens, codes from 155000.
constexpr std::int64_t kReleasedBase = 151643;
constexpr std::int64_t kReleasedImageOffset = 155000;
// Grid counts that have a token: of a picture up to 1024 and up to 4096 pixels wide or high.
constexpr int kSmallGrid = 32;
constexpr int kReleasedGrid = 128;

// The special tokens of Qwen2.5 in the order of their ids.
const char* const kStockTokens[] = {
    "<|endoftext|>",      "<|im_start|>",     "<|im_end|>",     "<|object_ref_start|>",
    "<|object_ref_end|>", "<|box_start|>",    "<|box_end|>",    "<|quad_start|>",
    "<|quad_end|>",       "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>",
    "<|image_pad|>",      "<|video_pad|>",    "<tool_call>",    "</tool_call>",
    "<|fim_prefix|>",     "<|fim_middle|>",   "<|fim_suffix|>", "<|fim_pad|>",
    "<|repo_name|>",      "<|file_sep|>"};

std::string numbered(const char* format, std::int64_t number) {
  char text[40];
  std::snprintf(text, sizeof text, format, static_cast<int>(number));
  return text;
}

std::string reserved(std::int64_t number) { return numbered("<reserved%05d>", number); }
std::string filler(std::int64_t id) { return numbered("<unused%06d>", id); }

// Control tokens in the order of their ids.
std::vector<std::string> control_tokens(int largest_grid) {
  std::vector<std::string> tokens(std::begin(kStockTokens), std::end(kStockTokens));
  tokens.push_back("<racm3:break>");  // image start
  tokens.push_back("<eoss>");         // image end
  tokens.push_back(reserved(8796));   // full-sub-sep, sub-sub-sep, sub-skip: without use
  tokens.push_back(reserved(8797));
  tokens.push_back(reserved(8798));
  tokens.push_back(reserved(8799));                                              // end of a row
  for (int n = 0; n <= largest_grid; ++n) tokens.push_back(reserved(8800 + n));  // n cells of 32 px
  tokens.push_back(reserved(8706));                                              // end of a turn
  return tokens;
}

std::string utf8(int code_point) {  // below U+0800
  if (code_point < 0x80) return std::string(1, static_cast<char>(code_point));
  return {static_cast<char>(0xC0 | code_point >> 6), static_cast<char>(0x80 | (code_point & 0x3F))};
}

// The byte-level alphabet: each byte as a visible character. Bytes that print in Latin-1 stand for
// themselves and have the first ids; the others follow as U+0100 and up.
std::vector<std::string> byte_symbols() {
  std::vector<std::string> symbols;
  for (int byte = 0; byte < 256; ++byte) {
    const bool prints = (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte != 0xAD);
    if (prints) symbols.push_back(utf8(byte));
  }
  for (int next = 0x100; symbols.size() < 256; ++next) symbols.push_back(utf8(next));
  return symbols;
}

Json added_token(std::int64_t id, const std::string& content) {
  return {{"id", id},        {"content", content},  {"single_word", false}, {"lstrip", false},
          {"rstrip", false}, {"normalized", false}, {"special", true}};
}

// NFC, then Qwen2's split (docs/spec/model.md 4.1), then bytes.
Json split_and_bytes() {
  const char* const kPattern =
      R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
      R"(|\s*[\r\n]+|\s+(?!\S)|\s+)";
  const Json split = {{"type", "Split"},
                      {"pattern", {{"Regex", kPattern}}},
                      {"behavior", "Isolated"},
                      {"invert", false}};
  const Json bytes = {{"type", "ByteLevel"},
                      {"add_prefix_space", false},
                      {"trim_offsets", false},
                      {"use_regex", false}};
  return {{"type", "Sequence"}, {"pretokenizers", {split, bytes}}};
}

}  // namespace

void set_small_vocabulary(checkpoint::ModelConfig& config, std::int64_t codebook_size) {
  const auto control = static_cast<std::int64_t>(control_tokens(kSmallGrid).size());
  config.image_token_offset = kBytes + control;
  config.image_codebook_size = codebook_size;
  config.vocab_size = config.image_token_offset + codebook_size + 1;  // and <|image|>
}

std::string tokenizer_json(const checkpoint::ModelConfig& config) {
  const bool released = config.image_token_offset == kReleasedImageOffset;
  const std::int64_t base = released ? kReleasedBase : kBytes;
  const auto control = control_tokens(released ? kReleasedGrid : kSmallGrid);
  const auto control_end = base + static_cast<std::int64_t>(control.size());
  const std::int64_t codes_end = config.image_token_offset + config.image_codebook_size;
  if (config.image_token_offset < control_end) {
    throw Error(ErrorCode::kInvalidArgument,
                "image_token_offset " + std::to_string(config.image_token_offset) +
                    " leaves no room for the " + std::to_string(control_end) +
                    " byte and control tokens");
  }
  if (config.vocab_size <= codes_end) {
    throw Error(ErrorCode::kInvalidArgument,
                "vocab_size " + std::to_string(config.vocab_size) + " is too small for " +
                    std::to_string(config.image_codebook_size) + " image codes from " +
                    std::to_string(config.image_token_offset) + " and the <|image|> token");
  }

  Json vocabulary = Json::object();
  const auto symbols = byte_symbols();
  for (std::int64_t id = 0; id < kBytes; ++id) vocabulary[symbols[id]] = id;
  // Entries that no merge produces: they only hold the places of a full vocabulary.
  for (std::int64_t id = kBytes; id < base; ++id) vocabulary[filler(id)] = id;

  // The library gives added tokens the ids that follow the vocabulary, in file order, so the list
  // must be without gaps.
  Json added = Json::array();
  const auto add = [&](const std::string& content) {
    added.push_back(added_token(base + static_cast<std::int64_t>(added.size()), content));
  };
  for (const auto& token : control) add(token);
  for (std::int64_t id = control_end; id < config.image_token_offset; ++id) add(filler(id));
  for (std::int64_t code = 0; code < config.image_codebook_size; ++code) {
    add(numbered("<MOVQGAN%05d>", code));
  }
  for (std::int64_t id = codes_end; id < config.vocab_size - 1; ++id) add(filler(id));
  add("<|image|>");

  const Json tokenizer = {
      {"version", "1.0"},
      {"truncation", nullptr},
      {"padding", nullptr},
      {"added_tokens", std::move(added)},
      {"normalizer", {{"type", "NFC"}}},
      {"pre_tokenizer", split_and_bytes()},
      {"post_processor", nullptr},
      {"decoder",
       {{"type", "ByteLevel"},
        {"add_prefix_space", false},
        {"trim_offsets", false},
        {"use_regex", false}}},
      {"model",
       {{"type", "BPE"},
        {"dropout", nullptr},
        {"unk_token", nullptr},
        {"continuing_subword_prefix", ""},
        {"end_of_word_suffix", ""},
        {"fuse_unk", false},
        {"byte_fallback", false},
        {"ignore_merges", false},
        {"vocab", std::move(vocabulary)},
        {"merges", Json::array()}}},
  };
  return tokenizer.dump(1) + "\n";
}

std::string tokenizer_config_json() {
  const Json config = {{"tokenizer_class", "Qwen2Tokenizer"},
                       {"bos_token", nullptr},
                       {"eos_token", "<|im_end|>"},
                       {"pad_token", "<|endoftext|>"},
                       {"unk_token", nullptr},
                       {"add_bos_token", false},
                       {"add_prefix_space", false},
                       {"clean_up_tokenization_spaces", false},
                       {"model_max_length", 131072}};
  return config.dump(2) + "\n";
}

}  // namespace lumina::recipe
