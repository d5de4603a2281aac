#pragma once
// Rotary position embedding of one head, in double. Pure; any thread.

#include <cstdint>
#include <span>
#include <vector>

#include "models/hyperparams.h"

namespace ponder::reference {

// head: [head_dim], of which the first rope_dim values are rotated by position * frequencies[pair].
std::vector<double> rotated(std::span<const float> head, uint32_t rope_dim, models::RopePairs pairs,
                            double position, std::span<const double> frequencies);

} // namespace ponder::reference
