#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "inference/experts/stream_share.h"

using namespace ponder::inference;

namespace {

double secondsOf(const std::vector<uint32_t>& uses, const std::vector<bool>& taken, double bytes,
                 const StreamRates& rates) {
    double link = 0, cpu = 0;
    for (size_t i = 0; i < uses.size(); ++i) {
        if (taken[i])
            link += bytes / rates.link;
        else
            cpu += std::max(bytes / rates.cpu, uses[i] * rates.secondsPerPair);
    }
    return std::max(link, cpu);
}

} // namespace

TEST_CASE("no other choice of experts to bring over ends earlier") {
    std::mt19937 generator(7);
    const auto random = [&] { return static_cast<uint32_t>(generator()); };
    for (int round = 0; round < 200; ++round) {
        std::vector<uint32_t> uses(1 + random() % 10);
        for (uint32_t& count : uses) count = 1 + random() % 400;
        const StreamRates rates{.link = 1 + 1e9 * (random() % 60),
                                .cpu = 1e9 + 1e9 * (random() % 100),
                                .secondsPerPair = 1e-6 * (random() % 100)};
        const uint64_t bytes = 1 + random() % 40'000'000;
        std::vector<bool> taken(uses.size(), false);
        for (const uint32_t index : streamShare(uses, bytes, rates)) {
            REQUIRE(index < uses.size());
            CHECK_FALSE(taken[index]);
            taken[index] = true;
        }
        const double ours = secondsOf(uses, taken, static_cast<double>(bytes), rates);
        // Of equally many the ones with the most tokens are best, so prefixes by tokens are all there is to try.
        std::vector<size_t> order(uses.size());
        std::iota(order.begin(), order.end(), size_t{0});
        std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return uses[a] > uses[b]; });
        std::vector<bool> other(uses.size(), false);
        for (size_t i = 0;; ++i) {
            CHECK(ours <= secondsOf(uses, other, static_cast<double>(bytes), rates) * (1 + 1e-9));
            if (i == order.size()) break;
            other[order[i]] = true;
        }
    }
}

TEST_CASE("long prompts go over the link, short ones stay, and so does everything where nothing is known") {
    const StreamRates rates{.link = 48e9, .cpu = 100e9, .secondsPerPair = 31e-6};
    const std::vector<uint32_t> few(200, 1), many(256, 128);
    CHECK(streamShare(few, 25'000'000, rates).size() < 80); // about a third
    CHECK(streamShare(many, 25'000'000, rates).size() > 200);
    CHECK(streamShare(many, 25'000'000, StreamRates{}).empty());
    CHECK(streamShare(many, 25'000'000, StreamRates{.link = 48e9}).empty());
    CHECK(streamShare({}, 25'000'000, rates).empty());
}
