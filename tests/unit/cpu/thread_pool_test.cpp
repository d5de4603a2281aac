#include <doctest/doctest.h>

#include <atomic>
#include <vector>

#include "inference/cpu/thread_pool.h"

using namespace ponder::cpu;

TEST_CASE("every share is done once, whatever the numbers") {
    for (const size_t threads : {1ul, 2ul, 3ul, 7ul}) {
        ThreadPool pool(threads);
        CHECK(pool.size() == threads);
        for (const size_t count : {0ul, 1ul, 2ul, 5ul, 64ul, 1000ul})
            for (const size_t grain : {1ul, 4ul, 33ul}) {
                std::vector<std::atomic<int>> done(count);
                pool.split(count, grain, [&](size_t begin, size_t end) {
                    CHECK(begin % grain == 0);
                    for (size_t i = begin; i < end; ++i) ++done[i];
                });
                for (const auto& times : done) CHECK(times == 1);
            }
    }
}

TEST_CASE("a thousand rounds, one after the other") {
    ThreadPool pool(4);
    std::atomic<size_t> sum{0};
    for (int round = 0; round < 1000; ++round) pool.run([&](size_t thread) { sum += thread; });
    CHECK(sum == 1000 * (0 + 1 + 2 + 3));
}
