#pragma once
// Root-mean-square norm and the gated activation, in double. Pure; any thread.

#include <cstddef>
#include <span>
#include <vector>

namespace ponder::reference {

// x: [n][weight.size()].
std::vector<double> rmsNorm(std::span<const float> x, std::span<const float> weight, double eps);
std::vector<double> gatedSilu(std::span<const float> gate, std::span<const float> up);

} // namespace ponder::reference
