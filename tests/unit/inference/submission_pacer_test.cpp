#include "inference/submission_pacer.h"

#include <limits>

#include <doctest/doctest.h>

using ponder::inference::SubmissionPacer;

TEST_CASE("submissions begin small and grow to what the device does in time") {
    SubmissionPacer pacer(0.2);
    CHECK(pacer.layers(28) == 1);
    double longest = 0;
    for (int i = 0; i < 20; ++i) {
        const uint32_t layers = pacer.layers(1000);
        const double seconds = layers * 0.01;
        longest = std::max(longest, seconds);
        pacer.measured(layers, seconds);
    }
    CHECK(pacer.layers(1000) == 15); // three quarters of 0.2 s at 10 ms a layer
    CHECK(longest <= 0.2);
    CHECK(pacer.layers(4) == 4);
}

TEST_CASE("a device that slows down gets less at once") {
    SubmissionPacer pacer(0.008);
    for (int i = 0; i < 20; ++i) pacer.measured(pacer.layers(80), pacer.layers(80) * 1e-5);
    CHECK(pacer.layers(80) == 80);
    pacer.measured(80, 1.0);
    CHECK(pacer.layers(80) == 1);
}

TEST_CASE("measurements that cannot be are ignored") {
    SubmissionPacer pacer(0.2);
    pacer.measured(0, 1);
    pacer.measured(1, 0);
    pacer.measured(1, -1);
    pacer.measured(1, std::numeric_limits<double>::quiet_NaN());
    CHECK(pacer.layers(10) == 1);
    CHECK(pacer.layers(0) == 0);
}
