#include "inference/kv_cache.h"

#include <algorithm>

#include <fmt/format.h>

#include "inference/run_now.h"
#include "inference/tuning.h"
#include "shaders/shared/step_params.h"

namespace ponder::inference {

static_assert(kBlockTokens == PONDER_KV_BLOCK && kCacheScaled == PONDER_KV_SCALED); // as the kernels mean it

Result<std::unique_ptr<KvCache>> KvCache::create(vulkan::Context& context, const kernels::LayerShape& shape,
                                                 uint32_t blocks) {
    std::unique_ptr<KvCache> cache(new KvCache(context, shape, blocks));
    uint64_t arenaBytes = context.caps().maxAllocationBytes;
    if (tuning().maxArenaBytes > 0) arenaBytes = std::min(arenaBytes, tuning().maxArenaBytes);
    cache->m_blocksPerBuffer = static_cast<uint32_t>(
        std::clamp<uint64_t>(arenaBytes / shape.kvBlockBytes(), 1, std::max(1u, blocks)));
    for (uint32_t done = 0; done < blocks; done += cache->m_blocksPerBuffer) {
        const uint32_t count = std::min(cache->m_blocksPerBuffer, blocks - done);
        ASSIGN_OR_RETURN(auto buffer,
                         vulkan::Buffer::create(context, count * shape.kvBlockBytes(),
                                                vulkan::MemoryUse::DeviceLocal,
                                                fmt::format("kv cache {}", cache->m_buffers.size())));
        cache->m_buffers.push_back(std::move(buffer));
    }
    return cache;
}

vulkan::BufferView KvCache::block(BlockId id) const {
    const uint64_t bytes = m_shape.kvBlockBytes();
    return m_buffers[id / m_blocksPerBuffer].view().part(id % m_blocksPerBuffer * bytes, bytes);
}

Result<void> KvCache::copy(BlockId from, BlockId to, uint32_t tokens) {
    ASSIGN_OR_RETURN(auto recorder, vulkan::CommandRecorder::create(m_context, "branch of a cache block"));
    RETURN_IF_ERROR(recorder.begin());
    recorder.barrier("the block is written and the new one no longer read");
    // [layer][K, V or the latent][kBlockTokens][values], of 8 bits [kBlockTokens][scales] behind: the beginning of each.
    const CacheRow row = m_shape.kvRow();
    const auto copyPart = [&](uint64_t at, uint64_t bytes) {
        if (bytes > 0) recorder.copy(block(from).part(at, bytes), block(to).part(at, bytes));
    };
    for (uint64_t plane = 0; plane < uint64_t{m_shape.planes()} * m_shape.n_layers; ++plane) {
        const uint64_t at = plane * m_shape.kvPlaneBytes();
        copyPart(at, row.numbers * tokens);
        copyPart(at + row.numbers * kBlockTokens, row.scales * tokens);
    }
    RETURN_IF_ERROR(recorder.end());
    return runNow(m_context, recorder);
}

} // namespace ponder::inference
