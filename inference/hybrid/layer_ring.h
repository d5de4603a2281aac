#pragma once
// Room on the device for two of a model's layers at a time: those of the host come through it when a pass of many tokens is worth
// it (layer_stream.h), in turns. The model's last two rest there the rest of the time, so that the room is not missed. Layers of
// the host have their keys and values in host memory; for the pass they get a cache of their own here. Says where a layer's tensors
// and cache are while it is here, and what has to be copied. Owns the room and the imports of host memory, not that memory.
// Belongs to the engine's thread.

#include <array>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inference/hybrid/host_side.h"
#include "inference/kernels/attention.h"
#include "inference/kernels/weight.h"
#include "inference/kv_cache.h"
#include "inference/vulkan/command_recorder.h"
#include "inference/vulkan/transfer_queue.h"
#include "models/hyperparams.h"

namespace ponder::inference {

// Where kernels find a layer's keys and values: in blocks, as if it were their layer `layer`.
struct CachePlace {
    kernels::SequenceView sequence;
    uint32_t layer = 0;
};

class LayerRing {
public:
    // Null: the driver does not take host memory, which is logged; then these layers stay the host's.
    static Result<std::unique_ptr<LayerRing>> create(vulkan::Context& context, const models::Hyperparams& p,
                                                     const HostSide& host, uint32_t contextTokens,
                                                     CacheFormat cache);

    uint32_t first() const { return m_first; } // layers that come through it: up to the model's last
    uint32_t end() const { return m_end; }
    bool rests(uint32_t block) const { return block >= m_resting; } // here unless others come through
    // A tensor ("attn_q.weight") where it lies while its layer is here; empty: the file has none.
    kernels::Weight find(uint32_t block, std::string_view name) const;
    // `sequence`: of layers that are the device's.
    CachePlace cacheOf(uint32_t block, const kernels::SequenceView& sequence) const;

    // Lets the device reach the host's part of a sequence's cache. False: the driver refuses, which is logged, now and always.
    Result<bool> reach(std::span<const uint64_t> blockTable, uint32_t tokens);
    // What brings a layer here, with its keys and values of the first `tokens` tokens of the sequence reached last.
    std::vector<vulkan::BufferCopy> copies(uint32_t block, uint32_t tokens) const;
    // Brings keys and values of tokens [from, to) back to the host's cache.
    void recordBack(vulkan::CommandRecorder& recorder, uint32_t block, uint32_t from, uint32_t to) const;
    uint32_t half(uint32_t block) const { return (block - m_first) % 2; } // of the ring

private:
    struct Tensor {
        vulkan::Buffer host; // imported
        vulkan::BufferView here;
        kernels::Weight weight;
    };
    struct Rows { // of keys or values, or of both
        vulkan::BufferView host, here;
    };

    LayerRing(vulkan::Context& context, const HostSide& host) : m_context(context), m_host(host) {}
    Result<void> makeRoom(const models::Hyperparams& p, uint32_t contextTokens, CacheFormat cache);
    Result<bool> importLayers(const models::Hyperparams& p);
    std::vector<Rows> rows(uint32_t block, uint32_t from, uint32_t to) const;

    vulkan::Context& m_context;
    const HostSide& m_host;
    uint32_t m_first = 0, m_resting = 0, m_end = 0;
    kernels::LayerShape m_shape;                                      // of the cache here: two layers
    std::vector<std::map<std::string, Tensor, std::less<>>> m_layers; // from m_first on
    std::array<vulkan::Buffer, 2> m_halves;
    std::unique_ptr<KvCache> m_cache;
    vulkan::Buffer m_blockTable;                  // its blocks in order
    std::map<uint64_t, vulkan::Buffer> m_imports; // blocks of the host's cache, by where they lie
    std::vector<vulkan::BufferView> m_reached;    // of the sequence reached last
    bool m_refused = false;
};

} // namespace ponder::inference
