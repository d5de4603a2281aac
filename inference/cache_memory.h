#pragma once
// The memory behind the blocks of a KV cache, wherever it lies, and the bookkeeping of which block holds what (block_pool.h).
// Belongs to the engine's thread.

#include <cstdint>

#include "inference/block_pool.h"
#include "models/base/result.h"

namespace ponder::inference {

class CacheMemory {
public:
    explicit CacheMemory(uint32_t blocks) : m_pool(blocks) {}
    virtual ~CacheMemory() = default;

    BlockPool& pool() { return m_pool; }
    virtual uint64_t address(BlockId id) const = 0; // as Forward::run takes it
    // Copies the first `tokens` tokens of a block, of every layer, and waits for it.
    virtual Result<void> copy(BlockId from, BlockId to, uint32_t tokens) = 0;

private:
    BlockPool m_pool;
};

} // namespace ponder::inference
