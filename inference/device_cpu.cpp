#include "inference/device_cpu.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include <fmt/format.h>

namespace ponder::inference {

namespace {

constexpr uint32_t kChunk = 64; // tokens of a pass: a weight is unpacked for half of them at a time

// What a line of /proc says behind its colon; empty where there is no such line.
std::string procLine(const char* file, std::string_view name) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        const size_t colon = line.find(':');
        if (!std::string_view(line).starts_with(name) || colon == std::string::npos) continue;
        const size_t begin = line.find_first_not_of(" \t", colon + 1);
        return begin == std::string::npos ? std::string() : line.substr(begin);
    }
    return {};
}
uint64_t memoryBytes(std::string_view name) {
    return std::strtoull(procLine("/proc/meminfo", name).c_str(), nullptr, 10) * 1024;
}

} // namespace

vulkan::DeviceCaps cpuCaps() {
    vulkan::DeviceCaps caps;
    caps.id = "cpu";
    caps.name = procLine("/proc/cpuinfo", "model name");
    if (caps.name.empty()) caps.name = "CPU";
    caps.driver = cpu::isaName(cpu::detectIsa());
    caps.software = caps.unified = true;
    caps.maxAllocationBytes = caps.maxStorageRange = uint64_t{1} << 46;
    caps.heaps = {{.sizeBytes = memoryBytes("MemTotal"),
                   .budgetBytes = memoryBytes("MemAvailable"),
                   .deviceLocal = true,
                   .hostVisible = true}};
    return caps;
}

CpuDevice::CpuDevice() : m_caps(cpuCaps()), m_pool(0) {}

Result<void> CpuDevice::load(const LoadTask& task) {
    ASSIGN_OR_RETURN(
        m_weights, cpu::HostWeights::load(task.file, task.plan.placements, m_pool, task.progress, task.stop));
    ASSIGN_OR_RETURN(m_cache, cpu::HostCache::create(cpu::cacheShape(task.hyperparams, task.precise),
                                                     (task.plan.context + kBlockTokens - 1) / kBlockTokens));
    ASSIGN_OR_RETURN(m_decoder, cpu::Decoder::create(m_pool, task.hyperparams, *m_weights,
                                                     {.context = task.plan.context,
                                                      .chunkTokens = std::min(kChunk, task.plan.context),
                                                      .precise = task.precise,
                                                      .ropeFactors = task.ropeFactors}));
    return {};
}

} // namespace ponder::inference
