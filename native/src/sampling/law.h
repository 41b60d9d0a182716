// Laws over the image codes, and draws from one or from what two of them differ by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sampling/top_k.h"

namespace lumina::sampling {

// [count]: probability of code i, which is token first_id + i. Sums to 1 up to rounding.
using Law = std::vector<float>;

// The softmax of the scores; 0 for a code without one. None of these resizes `law`.
void set_softmax(const std::vector<Candidate>& scores, std::int32_t first_id, Law& law);
void set_point(std::size_t code, Law& law);
void set_uniform(Law& law);

// The first code at which the running sum exceeds `u` times the total, u in (0, 1): a draw if u is
// uniform. Never a code of probability 0.
std::size_t draw(const Law& law, double u);

// The same by the weights max(p - q, 0). Where they are all 0, which only rounding can bring about
// once a draft was refused, by p.
std::size_t draw_residual(const Law& p, const Law& q, double u);

// Speculative sampling's test of a code drawn from q: with u uniform it is kept with probability
// min(1, lambda p / q).
bool keeps(const Law& p, const Law& q, std::size_t code, double u, double lambda = 1.0);

// The law of keeps() ? code : draw_residual(), when code is drawn from q; for lambda 1 it is p.
// Returns how far it is from p, as total variation.
double relaxed_law(const Law& p, const Law& q, double lambda, Law& law);

}  // namespace lumina::sampling
