#include <doctest/doctest.h>

#include <atomic>
#include <new>
#include <thread>
#include <vector>

#include "inference/cpu/thread_pool.h"

using namespace ponder::cpu;

TEST_CASE("every share is done once, whatever the numbers") {
    for (const size_t threads : {1ul, 2ul, 3ul, 7ul}) {
        ThreadPool pool(threads);
        CHECK(pool.size() == threads);
        for (const size_t count : {0ul, 1ul, 2ul, 5ul, 64ul, 1000ul})
            for (const size_t grain : {1ul, 4ul, 33ul}) {
                for (const auto how : {&ThreadPool::split, &ThreadPool::balance}) {
                    std::vector<std::atomic<int>> done(count);
                    (pool.*how)(count, grain, [&](size_t begin, size_t end) {
                        CHECK(begin % grain == 0);
                        for (size_t i = begin; i < end; ++i) ++done[i];
                    });
                    for (const auto& times : done) CHECK(times == 1);
                }
            }
    }
}

TEST_CASE("a share that waits for the others' pieces is helped with its own") {
    ThreadPool pool(2);
    if (pool.size() < 2) return;
    std::atomic<int> done{0};
    pool.balance(
        8, 1,
        [&](size_t begin, size_t) { // the first thread stays in its first piece until all others are done
            while (begin == 0 && done < 7) std::this_thread::yield();
            ++done;
        });
    CHECK(done == 8);
}

TEST_CASE("a thousand rounds, one after the other") {
    ThreadPool pool(4);
    std::atomic<size_t> sum{0};
    for (int round = 0; round < 1000; ++round) pool.run([&](size_t thread) { sum += thread; });
    CHECK(sum == 1000 * (0 + 1 + 2 + 3));
}

TEST_CASE("what a share throws arrives at the caller, and the pool goes on") {
    for (const size_t threads : {1ul, 3ul}) {
        ThreadPool pool(threads);
        for (size_t thrower = 0; thrower < threads; ++thrower) {
            std::atomic<size_t> done{0};
            CHECK_THROWS_AS(pool.run([&](size_t thread) {
                if (thread == thrower) throw std::bad_alloc();
                ++done;
            }),
                            std::bad_alloc);
            CHECK(done == threads - 1);
        }
        std::atomic<size_t> sum{0};
        pool.run([&](size_t) { ++sum; });
        CHECK(sum == threads);
    }
}
