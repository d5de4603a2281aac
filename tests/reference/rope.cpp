#include "tests/reference/rope.h"

#include <cmath>

namespace ponder::reference {

std::vector<double> rotated(std::span<const float> head, uint32_t rope_dim, models::RopePairs pairs,
                            double position, std::span<const double> frequencies) {
    std::vector<double> result(head.begin(), head.end());
    for (uint32_t pair = 0; pair < rope_dim / 2; ++pair) {
        const bool interleaved = pairs == models::RopePairs::Interleaved;
        const uint32_t first = interleaved ? 2 * pair : pair;
        const uint32_t second = interleaved ? 2 * pair + 1 : pair + rope_dim / 2;
        const double angle = position * frequencies[pair];
        result[first] = double{head[first]} * std::cos(angle) - double{head[second]} * std::sin(angle);
        result[second] = double{head[first]} * std::sin(angle) + double{head[second]} * std::cos(angle);
    }
    return result;
}

} // namespace ponder::reference
