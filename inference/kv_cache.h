#pragma once
// The memory of the KV cache on the device: blocks of kBlockTokens tokens in a few large buffers, each no
// larger than one allocation may be, and the bookkeeping of which block holds what (block_pool.h). Belongs to
// the engine's thread.

#include <memory>
#include <vector>

#include "inference/cache_memory.h"
#include "inference/kernels/attention.h"
#include "inference/vulkan/buffer.h"

namespace ponder::inference {

class KvCache final : public CacheMemory {
public:
    static Result<std::unique_ptr<KvCache>> create(vulkan::Context& context, const kernels::LayerShape& shape,
                                                   uint32_t blocks);

    vulkan::BufferView block(BlockId id) const;
    uint64_t address(BlockId id) const override { return block(id).address; }
    Result<void> copy(BlockId from, BlockId to, uint32_t tokens) override;

private:
    KvCache(vulkan::Context& context, const kernels::LayerShape& shape, uint32_t blocks)
        : CacheMemory(blocks), m_context(context), m_shape(shape) {}

    vulkan::Context& m_context;
    kernels::LayerShape m_shape;
    uint32_t m_blocksPerBuffer = 1;
    std::vector<vulkan::Buffer> m_buffers;
};

} // namespace ponder::inference
