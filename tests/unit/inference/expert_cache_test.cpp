#include "inference/experts/expert_cache.h"

#include <algorithm>
#include <random>
#include <set>

#include <doctest/doctest.h>

using ponder::inference::CachePolicy;
using ponder::inference::ExpertCache;

namespace {

using Layer = ExpertCache::Layer;

std::set<uint32_t> held(const ExpertCache& cache, uint32_t layer, uint32_t experts) {
    std::set<uint32_t> here;
    for (uint32_t expert = 0; expert < experts; ++expert)
        if (cache.onDevice(layer, expert)) here.insert(expert);
    return here;
}

void use(ExpertCache& cache, uint32_t expert, int times, uint32_t layer = 0) {
    for (int i = 0; i < times; ++i) cache.count(layer, {&expert, 1}, 1);
}

uint32_t exchangeAll(ExpertCache& cache) {
    uint32_t made = 0;
    while (const auto exchange = cache.choose()) {
        cache.arrive(*exchange);
        ++made;
    }
    return made;
}

// So many of `experts`, a token, each equally often.
std::vector<uint32_t> anyOf(std::mt19937& random, uint32_t experts, uint32_t used) {
    std::set<uint32_t> chosen;
    while (chosen.size() < used) chosen.insert(static_cast<uint32_t>(random() % experts));
    return {chosen.begin(), chosen.end()};
}

} // namespace

TEST_CASE("expert cache: what lies on the device at the beginning") {
    const ExpertCache cache({{8, 2, 3}, {8, 0, 8}, {8, 0, 0}, {8, 8, 0}});
    CHECK(held(cache, 0, 8) == std::set<uint32_t>{0, 1, 2, 3, 4});
    CHECK(held(cache, 1, 8).size() == 8);
    CHECK(held(cache, 2, 8).empty());
    CHECK(held(cache, 3, 8).size() == 8);
    CHECK(cache.onDevice(0) == 5);
    CHECK(cache.exchanges());
}

TEST_CASE("expert cache: without slots, with room for all, or without layers nothing moves") {
    for (const Layer& layer : {Layer{16, 0, 0}, Layer{16, 7, 0}, Layer{16, 0, 16}, Layer{16, 4, 12},
                               Layer{16, 16, 0}, Layer{0, 0, 0}, Layer{1, 0, 1}}) {
        ExpertCache cache({layer});
        CHECK_FALSE(cache.exchanges());
        use(cache, 15, 1000);
        CHECK_FALSE(cache.choose().has_value());
    }
    ExpertCache none({});
    CHECK_FALSE(none.exchanges());
    CHECK_FALSE(none.choose().has_value());
}

TEST_CASE("expert cache: one that is used comes, one that is not goes, and fixed ones stay") {
    ExpertCache cache({{8, 2, 3}});
    use(cache, 2, 40);
    use(cache, 4, 30);
    use(cache, 7, 30);
    const auto exchange = cache.choose();
    REQUIRE(exchange);
    CHECK(exchange->in == 7);
    CHECK(exchange->out == 3); // used least of 2, 3 and 4; 0 and 1, which nobody used, are fixed
    CHECK(exchange->slot == 1);
    CHECK_FALSE(cache.onDevice(0, 3));       // at once
    CHECK_FALSE(cache.onDevice(0, 7));       // not yet
    CHECK_FALSE(cache.choose().has_value()); // it does not come twice
    cache.arrive(*exchange);
    CHECK(held(cache, 0, 8) == std::set<uint32_t>{0, 1, 2, 4, 7});
    CHECK_FALSE(cache.choose().has_value());
}

TEST_CASE("expert cache: one slot") {
    ExpertCache cache({{4, 0, 1}});
    for (const uint32_t expert : {3u, 1u, 2u, 0u}) {
        use(cache, expert, 2000); // four horizons: what was before is forgotten
        const auto exchange = cache.choose();
        REQUIRE(exchange);
        CHECK(exchange->in == expert);
        CHECK(exchange->slot == 0);
        CHECK(held(cache, 0, 4).empty());
        CHECK_FALSE(cache.choose().has_value());
        cache.arrive(*exchange);
        CHECK(held(cache, 0, 4) == std::set<uint32_t>{expert});
    }
}

TEST_CASE("expert cache: every slot on its way at once") {
    ExpertCache cache({{6, 0, 3}});
    for (const uint32_t expert : {3u, 4u, 5u}) use(cache, expert, 100);
    std::vector<ExpertCache::Exchange> under;
    while (const auto exchange = cache.choose()) under.push_back(*exchange);
    REQUIRE(under.size() == 3);
    CHECK(held(cache, 0, 6).empty());
    std::set<uint32_t> slots;
    for (auto at = under.rbegin(); at != under.rend(); ++at) {
        slots.insert(at->slot);
        cache.arrive(*at);
    }
    CHECK(slots.size() == 3);
    CHECK(held(cache, 0, 6) == std::set<uint32_t>{3, 4, 5});
}

TEST_CASE("expert cache: layers are judged together, the greatest gain first, ties to the first") {
    ExpertCache cache({{4, 0, 1}, {4, 0, 1}, {4, 0, 1}});
    use(cache, 1, 30, 0);
    use(cache, 2, 60, 1);
    use(cache, 3, 30, 2);
    const auto first = cache.choose(), second = cache.choose(), third = cache.choose();
    REQUIRE((first && second && third));
    CHECK(first->layer == 1);
    CHECK(second->layer == 0);
    CHECK(third->layer == 2);
}

TEST_CASE("expert cache: routing that prefers nobody moves next to nothing") {
    std::mt19937 random(7);
    ExpertCache cache(std::vector<Layer>(4, Layer{64, 0, 16}));
    uint32_t exchanges = 0;
    for (int token = 0; token < 5000; ++token) {
        for (uint32_t layer = 0; layer < 4; ++layer) cache.count(layer, anyOf(random, 64, 6), 6);
        exchanges += exchangeAll(cache);
    }
    CHECK(exchanges < 4 * 64); // of 120,000 choices
}

TEST_CASE("expert cache: a topic's experts come, and go with it") {
    std::mt19937 random(7);
    ExpertCache cache({{64, 0, 16}});
    for (uint32_t topic = 0; topic < 3; ++topic) {
        for (int token = 0; token < 3000; ++token) {
            std::vector<uint32_t> chosen = anyOf(random, 16, 4);
            for (uint32_t& expert : chosen) expert += 16 * topic + 10;
            cache.count(0, chosen, 4);
            exchangeAll(cache);
        }
        const auto here = held(cache, 0, 64);
        for (uint32_t i = 0; i < 16; ++i) CHECK(here.contains(16 * topic + 10 + i));
    }
}

TEST_CASE("expert cache: the same passes make the same exchanges, and a chunk counts as its tokens") {
    const auto play = [](bool chunks) {
        std::mt19937 random(11);
        ExpertCache cache({{32, 4, 8}, {32, 4, 8}});
        std::vector<uint32_t> told;
        for (uint32_t pass = 0; pass < 400; ++pass) {
            std::vector<uint32_t> chosen;
            for (uint32_t token = 0; token < pass % 7 * 10 + 1; ++token)
                for (const uint32_t expert : anyOf(random, 12, 3)) chosen.push_back(expert + 20);
            if (chunks) {
                cache.count(pass % 2, chosen, 3);
            } else {
                for (size_t i = 0; i < chosen.size(); i += 3)
                    cache.count(pass % 2, std::span(chosen).subspan(i, 3), 3);
            }
            if (const auto made = cache.choose()) {
                told.insert(told.end(), {made->layer, made->slot, made->in, made->out});
                cache.arrive(*made);
            }
        }
        return told;
    };
    CHECK(!play(false).empty());
    CHECK(play(false) == play(false));
    CHECK(play(true) == play(false));
}

TEST_CASE("expert cache: numbers that are no experts, and a very long history") {
    ExpertCache cache({{4, 0, 2}}, {.horizonTokens = 1, .margin = 0.5});
    const uint32_t none[] = {4, 1000, UINT32_MAX};
    for (int i = 0; i < 100; ++i) cache.count(0, none, 3);
    cache.count(0, {}, 1);
    CHECK_FALSE(cache.choose().has_value());
    use(cache, 3, 5000); // a use counts e times the one before it, so that no number holds the first
    const auto exchange = cache.choose();
    REQUIRE(exchange);
    CHECK(exchange->in == 3);
    cache.arrive(*exchange);
    use(cache, 2, 5000);
    const auto second = cache.choose();
    REQUIRE(second);
    CHECK(second->in == 2);
    CHECK(second->out == (exchange->out == 0 ? 1 : 0));
}
