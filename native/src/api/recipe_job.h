// Checkpoint folders made by formula, for tests, benches and trying things out.
#pragma once

#include <string>

namespace lumina::api {

// Options, JSON: "preset": tiny (own small vocabulary), small (the released vocabulary, a narrow
// network), 2b, 7b; "layers": 0 for the preset's own; "precision": bf16 or fp32; "image_tokenizer":
// tiny, small or 270m, empty for the preset's own; "salt": another one, other weights. Throws
// Error(kInvalidArgument), Error(kIo).
void write_recipe_folder(const std::string& folder, const std::string& options);

}  // namespace lumina::api
