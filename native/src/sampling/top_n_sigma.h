// The reference's extra filter on its speculative path (docs/spec/jacobi.md 1.9).
#pragma once

#include <vector>

#include "sampling/top_k.h"

namespace lumina::sampling {

// Drops what lies more than n sigmas below the best score. Sigma is the root mean square of the
// scores about zero, not about their mean: so it comes out of the reference on a CPU.
void keep_top_sigma(std::vector<Candidate>& candidates, double n);

}  // namespace lumina::sampling
