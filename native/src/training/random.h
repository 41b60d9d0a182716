// Random numbers with an address, as everywhere in the engine: what a step draws depends on the
// seed and the step, never on what was drawn before, so a resumed run goes on as an unbroken one.
#pragma once

#include <ATen/core/Generator.h>

#include <cstdint>
#include <string>
#include <vector>

namespace lumina::training {

// Keeps the uses apart.
enum class Draw : std::uint32_t {
  kOrder = 16,
  kCrop = 17,
  kPromptDropout = 18,
  kDropout = 19,
  kCodebook = 20
};

// A word that depends on all arguments.
std::uint64_t random_word(std::uint64_t seed, Draw draw, std::uint64_t a, std::uint32_t b = 0);
// Uniform in 0 .. count - 1.
std::int64_t random_index(std::uint64_t seed, Draw draw, std::uint64_t a, std::uint32_t b,
                          std::int64_t count);
// Uniform in [0, 1).
double random_unit(std::uint64_t seed, Draw draw, std::uint64_t a, std::uint32_t b = 0);

// 0 .. count - 1 in an order that `a` addresses.
std::vector<std::int64_t> permutation(std::int64_t count, std::uint64_t seed, Draw draw,
                                      std::uint64_t a);

// A generator for tensors, seeded by what it is for.
at::Generator generator(std::uint64_t seed, const std::string& name);
at::Generator generator(std::uint64_t seed, Draw draw, std::uint64_t a, std::uint32_t b = 0);

}  // namespace lumina::training
