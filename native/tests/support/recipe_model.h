// Transformers on recipe weights, and the golden file, for tests.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "checkpoint/model_config.h"
#include "lumina/types.h"
#include "model/transformer.h"

namespace lumina::testing {

// tests/data/language_model.json, read once.
const nlohmann::json& language_model_golden();

// A two-layer model that runs in milliseconds: H 64, 4 heads, V 2048, image codes 512 .. 1023.
checkpoint::ModelConfig tiny_config();

// Its structure tokens: image start 1, image end 2, newline 3, grid tokens from 16 on.
TokenIds tiny_token_ids();

// On recipe weights of `config`.
model::Transformer recipe_transformer(const checkpoint::ModelConfig& config,
                                      at::ScalarType dtype = at::kFloat);

// The same with weights changed by `change(name, values)` before they are loaded.
model::Transformer changed_transformer(
    const checkpoint::ModelConfig& config,
    const std::function<void(const std::string& name, std::vector<float>& values)>& change,
    const model::Storage& storage = at::kFloat);

at::Tensor ids_tensor(const std::vector<std::vector<std::int64_t>>& rows);  // [B, T] int64

// `count` ids in 0 .. vocab_size - 1, the same for the same `salt`.
std::vector<std::int64_t> some_ids(std::int64_t count, std::int64_t vocab_size, int salt = 0);

}  // namespace lumina::testing
