#include <doctest/doctest.h>

#include <initializer_list>
#include <limits>

#include "inference/hybrid/stream_threshold.h"

using namespace ponder::inference;

TEST_CASE("layers are brought over from the first number of tokens on that takes the CPU longer") {
    for (const double link : {0.004, 0.0071, 0.03})
        for (const double one : {0.0005, 0.0022, 0.02, 0.5})
            for (const double many : {0.021, 0.6}) {
                if (many <= one) continue;
                const uint32_t from = streamThreshold({link, one, many, 64});
                const auto cpu = [&](uint32_t tokens) { return one + (tokens - 1) * (many - one) / 63; };
                CAPTURE(link);
                CAPTURE(one);
                CAPTURE(many);
                REQUIRE(from >= 2);
                CHECK(cpu(from) > link);
                CHECK((from == 2 || cpu(from - 1) <= link * (1 + 1e-12)));
            }
}

TEST_CASE("nothing is brought over by rates that nobody measured or that say nothing") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const LayerTimes& times :
         {LayerTimes{}, LayerTimes{0.01, 0, 0.1, 64}, LayerTimes{0.01, 0.001, 0.1, 1},
          LayerTimes{0.01, 0.001, 0.001, 64}, LayerTimes{0.01, 0.001, 0.0005, 64},
          LayerTimes{nan, 0.001, 0.1, 64}, LayerTimes{0.01, 0.001, nan, 64}, LayerTimes{0.01, nan, 0.1, 64},
          LayerTimes{1e9, 0.001, 0.0010001, 64}})
        CHECK(streamThreshold(times) == kNeverStreamed);
    CHECK(streamThreshold({0.01, 0.02, 0.02, 64}) == 2); // a single token takes longer already
}
