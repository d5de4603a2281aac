// The rotary table: exact where it can be, against published numbers where there are some.

#include "inference/rope_table.h"

#include <cmath>

#include <doctest/doctest.h>

namespace ponder::inference {

namespace {

models::Hyperparams params(uint32_t rope_dim, float theta) {
    models::Hyperparams result;
    result.rope_dim = rope_dim;
    result.rope_theta = theta;
    return result;
}

} // namespace

TEST_CASE("frequencies fall from one by the root of theta") {
    const auto frequencies = ropeFrequencies(params(8, 10000), {});
    REQUIRE(frequencies.size() == 4);
    for (size_t i = 0; i < 4; ++i)
        CHECK(frequencies[i] == doctest::Approx(std::pow(10.0, -static_cast<double>(i))).epsilon(1e-14));
}

TEST_CASE("the table is right at far positions, where float arithmetic is not") {
    const auto table = ropeTable(params(64, 1000000), {}, 131072);
    REQUIRE(table.size() == size_t{131072} * 64);
    for (const uint32_t position : {0u, 1u, 30000u, 131071u}) {
        CHECK(table[size_t{position} * 64] == static_cast<float>(std::cos(position * 1.0)));
        CHECK(table[size_t{position} * 64 + 1] == static_cast<float>(std::sin(position * 1.0)));
        const double slowest = position * std::pow(1e6, -62.0 / 64);
        CHECK(table[size_t{position} * 64 + 62] == doctest::Approx(std::cos(slowest)).epsilon(1e-7));
        CHECK(table[size_t{position} * 64 + 63] == doctest::Approx(std::sin(slowest)).epsilon(1e-7));
    }
}

TEST_CASE("factors divide the frequencies; linear scaling stretches all") {
    const std::vector<float> factors{1, 2, 4, 8};
    const auto divided = ropeFrequencies(params(8, 10000), factors);
    CHECK(divided[0] == 1);
    CHECK(divided[3] == doctest::Approx(0.001 / 8));

    auto linear = params(8, 10000);
    linear.rope_scaling = models::RopeScaling::Linear;
    linear.rope_factor = 4;
    CHECK(ropeFrequencies(linear, {})[0] == 0.25);
    CHECK(ropeFrequencies(linear, {})[1] == doctest::Approx(0.025));
    linear.rope_factor = 0; // hostile: no division by zero
    CHECK(std::isfinite(ropeFrequencies(linear, {})[0]));
    CHECK(ropeFrequencies(params(8, 10000), std::vector<float>{0, 0, 0, 0})[0] == 1);
}

TEST_CASE("YaRN as DeepSeek's models have it") {
    // theta 10000, factor 40, original context 4096, 64 rotated values: pairs up to 10 keep their frequency,
    // pairs from 23 on are stretched by 40, linear between (64 ln(4096 / (32 * 2 pi)) / (2 ln 10000) = 10.47,
    // and 22.51 for one turn).
    auto yarn = params(64, 10000);
    yarn.rope_scaling = models::RopeScaling::Yarn;
    yarn.rope_factor = 40;
    yarn.rope_n_ctx_orig = 4096;
    yarn.yarn_mscale_all = 1;
    const auto plain = ropeFrequencies(params(64, 10000), {});
    const auto stretched = ropeFrequencies(yarn, {});
    for (size_t i = 0; i <= 10; ++i) CHECK(stretched[i] == plain[i]);
    for (size_t i = 23; i < 32; ++i) CHECK(stretched[i] == doctest::Approx(plain[i] / 40).epsilon(1e-12));
    CHECK(stretched[16] == doctest::Approx(plain[16] * (7.0 / 13 + 6.0 / 13 / 40)).epsilon(1e-12));
    CHECK(ropeTable(yarn, {}, 1)[0] == 1); // the softmax's scale has the temperature

    yarn.yarn_mscale_all = 0; // elsewhere the rotated vectors have it
    CHECK(ropeTable(yarn, {}, 1)[0] == doctest::Approx(0.1 * std::log(40.0) + 1));
}

TEST_CASE("YaRN with hostile numbers stays finite") {
    for (const uint32_t rope_dim : {2u, 64u}) {
        for (const float theta : {1.0f, 10000.0f}) {
            for (const uint32_t original : {0u, 1u, 1u << 31}) {
                auto yarn = params(rope_dim, theta);
                yarn.rope_scaling = models::RopeScaling::Yarn;
                yarn.rope_factor = 40;
                yarn.rope_n_ctx_orig = original;
                for (const double frequency : ropeFrequencies(yarn, {})) CHECK(std::isfinite(frequency));
            }
        }
    }
    CHECK(ropeTable(params(0, 10000), {}, 8).empty());
}

} // namespace ponder::inference
