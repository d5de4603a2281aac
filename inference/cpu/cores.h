#pragma once
// Which cores this process may use, NUMA node by node, and how many threads are worth starting. Reads what Linux says in
// /sys and /proc; where it says nothing all cores are one node. Any thread.

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace ponder::cpu {

struct Cores {
    std::vector<std::vector<int>> nodes; // numbers of the usable cores of every node that has any
    size_t threads = 1;                  // as many as cores, or as a container's quota pays for
};

Cores usableCores();

// The node of one of `threads` threads: neighbours share a node, and each node gets threads by the number of its cores, so
// that even shares of rows, one behind the other, are contiguous on every node.
size_t nodeOf(const Cores& cores, size_t thread, size_t threads);
// The calling thread runs on the cores of one node from now on. Where there is only one node nothing happens.
void bindToNode(const Cores& cores, size_t node);

// "0-3,8,10-11", as in /sys/devices/system/node/node0/cpulist. Empty: nothing that can be read.
std::vector<int> parseCpuList(std::string_view list);
// "1600000 100000", quota and period in microseconds, as in cpu.max of a control group: cores paid for, rounded up.
std::optional<size_t> parseQuota(std::string_view cpuMax);

} // namespace ponder::cpu
