#include "inference/experts/link_share.h"

#include <limits>

#include <doctest/doctest.h>

using ponder::inference::LinkShare;

TEST_CASE("link share: none, all, and up to a number") {
    CHECK_FALSE(LinkShare());
    CHECK(LinkShare::upTo(0).packed() == 0);
    for (uint32_t missing = 0; missing < 40; ++missing) {
        CHECK(LinkShare().of(missing) == 0);
        CHECK(LinkShare::upTo(3).of(missing) == (missing > 15 ? 0 : std::min(missing, 3u)));
        CHECK(LinkShare::upTo(UINT32_MAX).of(missing) == (missing > 15 ? 0 : missing));
    }
}

TEST_CASE("link share: both finish together, as nearly as whole experts allow") {
    const LinkShare even = LinkShare::byRates(50, 50);
    CHECK(even.of(0) == 0);
    CHECK(even.of(1) == 0); // the CPU would take no longer
    CHECK(even.of(2) == 1);
    CHECK(even.of(7) == 3);
    CHECK(even.of(8) == 4);
    const LinkShare third = LinkShare::byRates(25, 50);
    CHECK(third.of(8) == 2); // 3 would take as long, and 6 of the CPU's do
    CHECK(third.of(3) == 1);
    CHECK(LinkShare::byRates(1, 100).of(8) == 0);
    CHECK(LinkShare::byRates(100, 1).of(8) == 8);
    for (const double link : {0.1, 3.0, 25.0, 50.0, 400.0}) {
        const LinkShare share = LinkShare::byRates(link, 40);
        const auto seconds = [&](uint32_t taken, uint32_t missing) {
            return std::max(taken / link, (missing - taken) / 40.0);
        };
        for (uint32_t missing = 1; missing <= LinkShare::kMostMissing; ++missing)
            for (uint32_t taken = 0; taken <= missing; ++taken)
                CHECK(seconds(share.of(missing), missing) <= seconds(taken, missing));
    }
}

TEST_CASE("link share: rates that were not measured leave all to the CPU") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const double wrong : {0.0, -5.0, nan}) {
        CHECK_FALSE(LinkShare::byRates(wrong, 50));
        CHECK_FALSE(LinkShare::byRates(50, wrong));
    }
    CHECK(LinkShare::byRates(std::numeric_limits<double>::infinity(), 50).of(8) == 8);
}
