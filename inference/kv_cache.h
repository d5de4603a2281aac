#pragma once
// The memory of the KV cache on the device: blocks of kBlockTokens tokens in a few large buffers, each no
// larger than one allocation may be, and the bookkeeping of which block holds what (block_pool.h). Belongs to
// the engine's thread.

#include <memory>
#include <vector>

#include "inference/block_pool.h"
#include "inference/kernels/attention.h"
#include "inference/vulkan/buffer.h"

namespace ponder::inference {

class KvCache {
public:
    static Result<std::unique_ptr<KvCache>> create(const vulkan::Context& context,
                                                   const kernels::LayerShape& shape, uint32_t blocks);

    BlockPool& pool() { return m_pool; }
    vulkan::BufferView block(BlockId id) const;
    uint64_t address(BlockId id) const { return block(id).address; }
    // Copies the first `tokens` tokens of a block, of every layer.
    void recordCopy(vulkan::CommandRecorder& recorder, BlockId from, BlockId to, uint32_t tokens) const;

private:
    KvCache(const kernels::LayerShape& shape, uint32_t blocks) : m_shape(shape), m_pool(blocks) {}

    kernels::LayerShape m_shape;
    uint32_t m_blocksPerBuffer = 1;
    std::vector<vulkan::Buffer> m_buffers;
    BlockPool m_pool;
};

} // namespace ponder::inference
