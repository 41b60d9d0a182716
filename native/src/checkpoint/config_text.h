// config.json as text, so that a model made of another one keeps every key of it.
#pragma once

#include <string>

namespace lumina::checkpoint {

// The text of `folder`/config.json. Throws Error(kCheckpoint) if it cannot be read.
std::string config_text(const std::string& folder);

// `json_text`, an object, with the number format of the weights in its keys torch_dtype and dtype
// replaced by `type` ("bfloat16", "float32") where they name one. All else stays as it is, byte for
// byte.
std::string with_stored_type(const std::string& json_text, const std::string& type);

}  // namespace lumina::checkpoint
