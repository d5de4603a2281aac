#include "inference/device_cpu.h"

#include <algorithm>
#include <cstring>
#include <fstream>

#include <fmt/format.h>
#include <sys/mman.h>

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

// Blocks in one stretch of address space: pages come when they are first written, so an empty cache takes none.
class HostCache final : public CacheMemory {
public:
    static Result<std::unique_ptr<CacheMemory>> create(const cpu::CacheShape& shape, uint32_t blocks) {
        const size_t bytes = std::max<size_t>(1, shape.blockBytes() * blocks);
        void* const start =
            mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (start == MAP_FAILED)
            return Error{
                ErrorCode::OutOfHostMemory,
                fmt::format(
                    "The computer gave no {:.1f} MB of memory for the cache: choose a smaller context.",
                    static_cast<double>(bytes) / 1e6)};
        return std::unique_ptr<CacheMemory>(new HostCache(shape, blocks, static_cast<uint8_t*>(start), bytes));
    }
    ~HostCache() override { munmap(m_start, m_bytes); }

    uint64_t address(BlockId id) const override {
        return reinterpret_cast<uint64_t>(m_start + id * m_shape.blockBytes());
    }
    Result<void> copy(BlockId from, BlockId to, uint32_t tokens) override {
        const uint8_t* const source = m_start + from * m_shape.blockBytes();
        uint8_t* const target = m_start + to * m_shape.blockBytes();
        const size_t keys = m_shape.rowBytes(m_shape.keyValues),
                     values = m_shape.rowBytes(m_shape.valueValues);
        for (size_t layer = 0; layer < m_shape.layers; ++layer) {
            const size_t at = layer * m_shape.layerBytes(), behind = at + kBlockTokens * keys;
            std::memcpy(target + at, source + at, tokens * keys);
            std::memcpy(target + behind, source + behind, tokens * values);
        }
        return {};
    }

private:
    HostCache(const cpu::CacheShape& shape, uint32_t blocks, uint8_t* start, size_t bytes)
        : CacheMemory(blocks), m_shape(shape), m_start(start), m_bytes(bytes) {}

    cpu::CacheShape m_shape;
    uint8_t* m_start;
    size_t m_bytes;
};

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
    ASSIGN_OR_RETURN(m_weights, cpu::HostWeights::load(task.file, m_pool, task.progress, task.stop));
    ASSIGN_OR_RETURN(m_cache, HostCache::create(cpu::cacheShape(task.hyperparams, task.precise),
                                                (task.plan.context + kBlockTokens - 1) / kBlockTokens));
    ASSIGN_OR_RETURN(m_decoder, cpu::Decoder::create(m_pool, task.hyperparams, *m_weights,
                                                     {.context = task.plan.context,
                                                      .chunkTokens = std::min(kChunk, task.plan.context),
                                                      .precise = task.precise,
                                                      .ropeFactors = task.ropeFactors}));
    return {};
}

} // namespace ponder::inference
