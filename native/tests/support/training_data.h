// Small records to train on, and tasks over recipe models.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "support/temporary_folder.h"
#include "training/movqgan_task.h"
#include "training/transformer_task.h"

namespace lumina::testing {

struct Example {
  std::vector<std::int32_t> tokens;
  std::vector<std::int32_t> labels;
};

// `count` text-to-image records of the tiny model's tokens: a text, then a picture of 32 x 32
// pixels; lengths differ.
std::vector<Example> tiny_examples(int count);
// Writes them as safetensors and returns the path.
std::string write_token_records(const TemporaryFolder& folder, const std::string& name,
                                const std::vector<Example>& examples);
// `count` recipe pictures [height, width, 3] as pixel records.
std::string write_pixel_records(const TemporaryFolder& folder, const std::string& name,
                                std::int64_t count, std::int64_t height, std::int64_t width,
                                int panels = 1);

// Full training of the tiny recipe transformer.
training::TransformerTaskOptions tiny_task_options(const std::string& records);
std::unique_ptr<training::TransformerTask> tiny_transformer_task(
    const checkpoint::ModelConfig& config, const training::TransformerTaskOptions& options);

}  // namespace lumina::testing
