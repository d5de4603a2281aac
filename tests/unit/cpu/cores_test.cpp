#include <doctest/doctest.h>

#include "inference/cpu/cores.h"

using namespace ponder::cpu;

TEST_CASE("lists of cores as Linux writes them") {
    CHECK(parseCpuList("0-3,8,10-11") == std::vector<int>{0, 1, 2, 3, 8, 10, 11});
    CHECK(parseCpuList("5\n") == std::vector<int>{5});
    CHECK(parseCpuList("").empty());
    CHECK(parseCpuList("x").empty());
    CHECK(parseCpuList("3-").empty());
    CHECK(parseCpuList("7-2").empty());
    CHECK(parseCpuList("0-4000000000").empty());
    CHECK(parseCpuList("0-999999999").empty());
}

TEST_CASE("a container's quota in cores") {
    CHECK(parseQuota("1600000 100000") == 16);
    CHECK(parseQuota("150000 100000") == 2);
    CHECK(parseQuota("1000 100000") == 1);
    CHECK_FALSE(parseQuota("max 100000"));
    CHECK_FALSE(parseQuota("100000"));
    CHECK_FALSE(parseQuota("100000 0"));
    CHECK_FALSE(parseQuota(""));
}

TEST_CASE("threads on nodes: neighbours together, by the number of cores") {
    const Cores two{{{0, 1, 2, 3}, {8, 9, 10, 11}}, 8};
    const Cores uneven{{{0}, {1, 2, 3}}, 4};
    for (size_t thread = 0; thread < 8; ++thread) CHECK(nodeOf(two, thread, 8) == thread / 4);
    for (size_t thread = 0; thread < 2; ++thread) CHECK(nodeOf(two, thread, 2) == thread);
    for (size_t thread = 0; thread < 16; ++thread) CHECK(nodeOf(two, thread, 16) == thread / 8);
    CHECK(nodeOf(uneven, 0, 4) == 0);
    for (size_t thread = 1; thread < 4; ++thread) CHECK(nodeOf(uneven, thread, 4) == 1);
    CHECK(nodeOf({}, 3, 4) == 0);
    bindToNode({}, 0); // one node, or none told: nothing happens
}

TEST_CASE("this machine has a core for every thread that is worth starting") {
    const Cores cores = usableCores();
    CHECK(cores.threads >= 1);
    size_t all = 0;
    for (const auto& node : cores.nodes) {
        CHECK_FALSE(node.empty());
        all += node.size();
    }
    if (!cores.nodes.empty()) CHECK(cores.threads <= all);
}
