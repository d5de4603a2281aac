#include "inference/cpu/host_cache.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <sys/mman.h>

#include "inference/memory_plan.h"
#include "models/base/text.h"

namespace ponder::cpu {

using inference::BlockId;

Result<std::unique_ptr<HostCache>> HostCache::create(const CacheShape& shape, uint32_t blocks) {
    const size_t bytes = std::max<size_t>(1, shape.blockBytes() * blocks);
    void* const start =
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start == MAP_FAILED)
        return Error{
            ErrorCode::OutOfHostMemory,
            fmt::format("The computer has no further {} of memory for the cache: choose a smaller context.",
                        formatBytes(bytes))};
    madvise(start, bytes, MADV_HUGEPAGE); // of which a device that reads blocks where they lie pins few
    return std::unique_ptr<HostCache>(new HostCache(shape, blocks, static_cast<uint8_t*>(start), bytes));
}

HostCache::~HostCache() { munmap(m_start, m_bytes); }

uint64_t HostCache::address(BlockId id) const {
    return reinterpret_cast<uint64_t>(m_start + id * m_shape.blockBytes());
}

Result<void> HostCache::copy(BlockId from, BlockId to, uint32_t tokens) {
    const uint8_t* const source = m_start + from * m_shape.blockBytes();
    uint8_t* const target = m_start + to * m_shape.blockBytes();
    const size_t keys = m_shape.rowBytes(m_shape.keyValues), values = m_shape.rowBytes(m_shape.valueValues);
    for (size_t layer = 0; layer < m_shape.layers; ++layer) {
        const size_t at = layer * m_shape.layerBytes(), behind = at + inference::kBlockTokens * keys;
        std::memcpy(target + at, source + at, tokens * keys);
        std::memcpy(target + behind, source + behind, tokens * values);
    }
    return {};
}

} // namespace ponder::cpu
