#pragma once
// How DeepSeek's mixtures choose their experts. Constants; any thread.

#include "inference/kernels/router.h"

namespace ponder::test {

inline constexpr kernels::RouterShape kV3{.n_experts = 256, // R1's too
                                          .n_used = 8,
                                          .groups = 8,
                                          .groupsUsed = 4,
                                          .sigmoid = true,
                                          .normalise = true,
                                          .scale = 2.5f};
inline constexpr kernels::RouterShape kV2{
    .n_experts = 160, .n_used = 6, .groups = 8, .groupsUsed = 3, .scale = 16};
inline constexpr kernels::RouterShape kLite{.n_experts = 64, .n_used = 6};

} // namespace ponder::test
