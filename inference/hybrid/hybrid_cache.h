#pragma once
// The cache of a model with layers that the CPU computes: every block has a part on the device, for its layers, and one
// in host memory. A block goes by its device address everywhere; here the host's is found by it. Belongs to the engine's thread.

#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "inference/cache_memory.h"
#include "inference/cpu/host_cache.h"

namespace ponder::inference {

class HybridCache final : public CacheMemory {
public:
    // Both of so many blocks.
    HybridCache(std::unique_ptr<CacheMemory> device, std::unique_ptr<cpu::HostCache> host, uint32_t blocks)
        : CacheMemory(blocks), m_device(std::move(device)), m_host(std::move(host)) {
        for (BlockId id = 0; id < blocks; ++id)
            m_hostAddress.emplace(m_device->address(id), m_host->address(id));
    }

    uint64_t address(BlockId id) const override { return m_device->address(id); }
    Result<void> copy(BlockId from, BlockId to, uint32_t tokens) override {
        RETURN_IF_ERROR(m_device->copy(from, to, tokens));
        return m_host->copy(from, to, tokens);
    }
    // The host's parts of blocks that go by these addresses.
    std::vector<uint64_t> hostBlocks(std::span<const uint64_t> blockTable) const {
        std::vector<uint64_t> blocks;
        blocks.reserve(blockTable.size());
        for (const uint64_t address : blockTable) blocks.push_back(m_hostAddress.at(address));
        return blocks;
    }

private:
    std::unique_ptr<CacheMemory> m_device;
    std::unique_ptr<cpu::HostCache> m_host;
    std::unordered_map<uint64_t, uint64_t> m_hostAddress; // by device address
};

} // namespace ponder::inference
