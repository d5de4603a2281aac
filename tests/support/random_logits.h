#pragma once
// Logits as tests of choosing want them. Pure; any thread.

#include <random>
#include <vector>

namespace ponder::test {

inline std::vector<float> randomLogits(std::mt19937& random, size_t count, float spread) {
    std::normal_distribution<float> normal(0, spread);
    std::vector<float> logits(count);
    for (float& logit : logits) logit = normal(random);
    return logits;
}

} // namespace ponder::test
