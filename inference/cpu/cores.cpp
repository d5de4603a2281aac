#include "inference/cpu/cores.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string>
#include <thread>

#include <sched.h>

namespace ponder::cpu {

namespace {

constexpr int kMostNodes = 1024;

std::string firstLine(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

// Takes the number that a text begins with away from it.
template <typename Number>
bool take(std::string_view& text, Number& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return false;
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    return true;
}

// The least quota of this process' control group (version 2) and those around it.
std::optional<size_t> quota() {
    std::ifstream file("/proc/self/cgroup");
    std::optional<size_t> least;
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with("0::")) continue;
        for (std::string group = line.substr(3);; group.erase(group.rfind('/'))) {
            const auto cores = parseQuota(firstLine("/sys/fs/cgroup" + group + "/cpu.max"));
            if (cores) least = std::min(*cores, least.value_or(*cores));
            if (group.rfind('/') == std::string::npos) break;
        }
    }
    return least;
}

} // namespace

std::vector<int> parseCpuList(std::string_view list) {
    std::vector<int> cores;
    for (int first = 0; take(list, first);) {
        int last = first;
        if (list.starts_with('-')) {
            list.remove_prefix(1);
            if (!take(list, last)) return {};
        }
        if (first < 0 || last < first || last >= CPU_SETSIZE) return {};
        for (int core = first; core <= last; ++core) cores.push_back(core);
        if (!list.starts_with(',')) break;
        list.remove_prefix(1);
    }
    return cores;
}

std::optional<size_t> parseQuota(std::string_view cpuMax) {
    size_t quota = 0, period = 0;
    if (!take(cpuMax, quota) || !cpuMax.starts_with(' ')) return std::nullopt; // "max": as much as there is
    cpuMax.remove_prefix(1);
    if (!take(cpuMax, period) || period == 0) return std::nullopt;
    return std::max<size_t>(1, quota / period + (quota % period != 0 ? 1 : 0));
}

Cores usableCores() {
    Cores cores;
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
        cores.threads = std::max(1u, std::thread::hardware_concurrency());
        return cores;
    }
    size_t found = 0;
    const auto add = [&](const std::vector<int>& all) {
        std::vector<int> usable;
        for (const int core : all)
            if (CPU_ISSET(static_cast<size_t>(core), &allowed)) usable.push_back(core);
        found += usable.size();
        if (!usable.empty()) cores.nodes.push_back(usable);
    };
    // Nodes may be numbered with gaps; the list of them has the form of a list of cores.
    for (const int node : parseCpuList(firstLine("/sys/devices/system/node/online")))
        if (node < kMostNodes)
            add(parseCpuList(firstLine("/sys/devices/system/node/node" + std::to_string(node) + "/cpulist")));
    const auto count = static_cast<size_t>(std::max(1, CPU_COUNT(&allowed)));
    if (found != count) cores.nodes.clear(); // not told, or not all: one node
    cores.threads = std::min(count, quota().value_or(count));
    return cores;
}

size_t nodeOf(const Cores& cores, size_t thread, size_t threads) {
    size_t all = 0, before = 0;
    for (const auto& node : cores.nodes) all += node.size();
    if (threads == 0 || all == 0) return 0;
    const size_t core = thread % threads * all / threads;
    for (size_t node = 0; node < cores.nodes.size(); ++node) {
        before += cores.nodes[node].size();
        if (core < before) return node;
    }
    return 0;
}

void bindToNode(const Cores& cores, size_t node) {
    if (cores.nodes.size() < 2 || node >= cores.nodes.size()) return;
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const int core : cores.nodes[node]) CPU_SET(static_cast<size_t>(core), &set);
    sched_setaffinity(0, sizeof set, &set); // refused: it runs anywhere, only slower
}

} // namespace ponder::cpu
