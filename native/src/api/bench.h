// Measures a checkpoint on this machine.
#pragma once

#include <string>

#include "lumina/types.h"

namespace lumina::api {

// Options, JSON: "model": folder; "image_tokenizer": file or empty; "dtype": auto, fp32 or bf16;
// "quantize", "activations" and "kv_cache" as in EngineOptions; "threads"; "cache_lengths": tokens
// in the cache at which a step is timed; "windows": tokens of the speculative passes timed there as
// well; "steps": timed steps, the median counts; "prompt_tokens"; "image_sides": sides of square
// pictures, pixels; none: the image tokenizer is not loaded. The report is the record of the same
// names in Java's Benchmark.Report.
std::string run_bench(const std::string& options, Observer* observer, const CancellationFlag* flag);

}  // namespace lumina::api
