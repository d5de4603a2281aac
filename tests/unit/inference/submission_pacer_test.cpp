#include "inference/submission_pacer.h"

#include <algorithm>
#include <limits>

#include <doctest/doctest.h>

using ponder::inference::SubmissionPacer;

TEST_CASE("submissions begin small and grow to what the device does in time") {
    SubmissionPacer pacer(0.2);
    CHECK(pacer.layers(28, 1) == 1);
    double longest = 0;
    for (int i = 0; i < 20; ++i) {
        const uint32_t layers = pacer.layers(1000, 1);
        const double seconds = layers * 0.01;
        longest = std::max(longest, seconds);
        pacer.measured(layers, 1, seconds);
    }
    CHECK(pacer.layers(1000, 1) == 15); // three quarters of 0.2 s at 10 ms a layer
    CHECK(longest <= 0.2);
    CHECK(pacer.layers(4, 1) == 4);
}

TEST_CASE("a device that slows down gets less at once") {
    SubmissionPacer pacer(0.008);
    for (int i = 0; i < 20; ++i) pacer.measured(pacer.layers(80, 1), 1, pacer.layers(80, 1) * 1e-5);
    CHECK(pacer.layers(80, 1) == 80);
    pacer.measured(80, 1, 1.0);
    CHECK(pacer.layers(80, 1) == 1);
}

TEST_CASE("many tokens get fewer layers than a few were measured to allow") {
    SubmissionPacer pacer(0.2);
    const auto take =
        [&](uint32_t tokens) { // a layer takes 10 ms of 512 tokens, and of 64 or fewer an eighth of that
            const uint32_t layers = pacer.layers(1000, tokens);
            const double seconds = layers * 0.01 * std::max(tokens, 64u) / 512;
            pacer.measured(layers, tokens, seconds);
            return seconds;
        };
    for (int i = 0; i < 20; ++i) take(20);
    CHECK(pacer.layers(1000, 20) == 120);
    for (const uint32_t tokens : {2048u, 1u, 512u, 20u, 2048u, 2048u, 64u, 4096u}) CHECK(take(tokens) <= 0.2);
    CHECK(pacer.layers(1000, 1u << 20) == 1);
}

TEST_CASE("measurements that cannot be are ignored") {
    SubmissionPacer pacer(0.2);
    pacer.measured(0, 1, 1);
    pacer.measured(1, 1, 0);
    pacer.measured(1, 1, -1);
    pacer.measured(1, 1, std::numeric_limits<double>::quiet_NaN());
    CHECK(pacer.layers(10, 1) == 1);
    CHECK(pacer.layers(0, 1) == 0);
}
