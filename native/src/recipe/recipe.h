// Weights, pictures and codes from a formula: any program can make the same ones bit for bit, so
// tests and benches need no stored weights. The formula is docs/spec/movqgan.md 12.1 (FNV-1a names,
// SplitMix64 streams); the rules for the transformer are those of the golden language-model values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checkpoint/weight_set.h"

namespace lumina::recipe {

std::uint64_t name_hash(const std::string& name);                    // H(name), FNV-1a 64
std::uint64_t stream(std::uint64_t name_hash, std::uint64_t index);  // S(name, i)
double uniform(std::uint64_t name_hash, std::uint64_t index);        // U(name, i) in [-1, 1)

enum class Family { kTransformer, kMovqgan };

// The hashed name is salt + tensor name: another salt, other weights. The golden values use none.
//
// Fills `out` (row-major, `shape`) with the weights of tensor `name`, rounded once from float64 to
// float32; the bf16 form rounds that float32 to nearest even. Uses `threads` threads.
void fill_weights(Family family, const std::string& name, const std::vector<std::int64_t>& shape,
                  float* out, int threads = 1, const std::string& salt = "");
void fill_weights_bf16(Family family, const std::string& name,
                       const std::vector<std::int64_t>& shape, std::uint16_t* out, int threads = 1,
                       const std::string& salt = "");

// All tensors of `specs` in memory, as float32 or bf16.
checkpoint::WeightSet make_weights(Family family, const std::vector<checkpoint::TensorSpec>& specs,
                                   bool bf16 = false, const std::string& salt = "");

// [3, height, width] in [-1, 1], planes R G B: byte p = S(name, i) >> 56, value p/255*2-1.
std::vector<float> image(const std::string& name, std::int64_t batch, std::int64_t height,
                         std::int64_t width);
// `count` codes in 0..n_embed-1: (S("codes", i) >> 40) mod n_embed.
std::vector<std::int32_t> codes(std::int64_t count, std::int64_t n_embed);

}  // namespace lumina::recipe
