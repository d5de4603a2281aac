#pragma once
// The blocks of a cache in host memory, in one stretch of address space: pages come when they are first written, so an empty
// cache takes none. Owns the memory. Belongs to the engine's thread.

#include <memory>

#include "inference/cache_memory.h"
#include "inference/cpu/decoder.h"

namespace ponder::cpu {

class HostCache final : public inference::CacheMemory {
public:
    // Errors: OutOfHostMemory with the number.
    static Result<std::unique_ptr<HostCache>> create(const CacheShape& shape, uint32_t blocks);
    ~HostCache() override;

    uint64_t address(inference::BlockId id) const override;
    Result<void> copy(inference::BlockId from, inference::BlockId to, uint32_t tokens) override;

private:
    HostCache(const CacheShape& shape, uint32_t blocks, uint8_t* start, size_t bytes)
        : CacheMemory(blocks), m_shape(shape), m_start(start), m_bytes(bytes) {}

    CacheShape m_shape;
    uint8_t* m_start;
    size_t m_bytes;
};

} // namespace ponder::cpu
