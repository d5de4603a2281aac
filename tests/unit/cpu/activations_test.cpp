#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "inference/cpu/activations.h"

using namespace ponder::cpu;

TEST_CASE("activations are quantised to half a step, padded with zeros, and summed") {
    std::mt19937 random(7);
    std::normal_distribution<float> normal(0, 3);
    for (const size_t columns : {32ul, 96ul, 256ul, 288ul, 1536ul}) {
        std::vector<float> x(3 * columns);
        for (float& value : x) value = normal(random);
        for (size_t i = 0; i < 32; ++i) x[i] = 0; // a block of nothing
        Activations activations;
        activations.assign(x, 3, columns, true);
        const ActivationView v = activations.view();
        CHECK(v.padded % kSuperBlock == 0);
        CHECK(v.padded >= columns);
        for (size_t row = 0; row < 3; ++row) {
            for (size_t i = 0; i < v.padded; ++i) {
                const size_t at = row * v.padded + i;
                const float expected = i < columns ? x[row * columns + i] : 0.0f;
                CHECK(v.values[at] == expected);
                const float scale = v.scales[at / 16];
                CHECK(std::fabs(scale * static_cast<float>(v.bytes[at]) - expected) <= 0.5001f * scale);
            }
            for (size_t g = 0; g < v.padded / 16; ++g) {
                int sum = 0;
                for (size_t i = 0; i < 16; ++i) sum += v.bytes[row * v.padded + 16 * g + i];
                CHECK(v.sums[row * v.padded / 16 + g] ==
                      doctest::Approx(v.scales[row * v.padded / 16 + g] * static_cast<float>(sum)));
            }
        }
    }
}
