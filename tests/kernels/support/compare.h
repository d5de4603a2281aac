#pragma once
// Comparing what a kernel wrote with a reference in double: normalised mean square error, and on failure the
// case, its seed and the worst value. One thread.

#include <cmath>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace ponder::test {

inline std::vector<float> normalValues(size_t count, uint32_t seed, float scale = 1) {
    std::mt19937 bits(seed);
    std::normal_distribution<float> normal(0, scale);
    std::vector<float> values(count);
    for (float& value : values) value = normal(bits);
    return values;
}

// `what`: shape and seed. NaN in `got` fails. Returns the error, for reports.
inline double checkClose(std::span<const double> expected, std::span<const float> got, double nmseLimit,
                         const std::string& what) {
    REQUIRE(expected.size() == got.size());
    double error = 0, power = 0, worst = -1;
    size_t worstIndex = 0;
    for (size_t i = 0; i < expected.size(); ++i) {
        const double difference = std::abs(expected[i] - static_cast<double>(got[i]));
        error += difference * difference;
        power += expected[i] * expected[i];
        if (!(difference <= worst)) { // NaN too
            worst = difference;
            worstIndex = i;
            if (std::isnan(difference)) break;
        }
    }
    const double nmse = power > 0 ? error / power : error;
    if (!(nmse <= nmseLimit))
        FAIL_CHECK(fmt::format("{}: NMSE {:.3g}, limit {:.3g}; worst at {} of {}: expected {}, got {}", what,
                               nmse, nmseLimit, worstIndex, expected.size(), expected[worstIndex],
                               got[worstIndex]));
    return nmse;
}

} // namespace ponder::test
