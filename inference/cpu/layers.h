#pragma once
// The halves of a layer on the CPU, each an addition to the residual stream: attention of either kind, feed-forward dense or
// mixed. A new kind is a class here and a line where Layers chooses. Own their scratch, not the weights, which a pass brings.
// Belong to the decoder: one thread calls, which shares the work with the pass's pool.

#include <memory>
#include <span>

#include "inference/cpu/pass.h"

namespace ponder::cpu {

class LayerPart {
public:
    virtual ~LayerPart() = default;
    virtual Result<void> run(Pass& pass, uint32_t block) = 0;
    // How often each expert of a block was chosen since loading; empty: it has none.
    virtual std::span<const uint64_t> expertCounts(uint32_t) const { return {}; }
};

std::unique_ptr<LayerPart> makeGroupedAttention(); // Qwen 2, Llama
std::unique_ptr<LayerPart> makeLatentAttention();  // DeepSeek-V2, -V3, absorbed
std::unique_ptr<LayerPart> makeDenseFeedForward();
std::unique_ptr<LayerPart> makeExperts();

// Whole layers, of the kinds that a model has.
class Layers {
public:
    explicit Layers(const models::Hyperparams& p);
    // Errors: those of reading what is on disk.
    Result<void> run(Pass& pass, uint32_t block);
    std::span<const uint64_t> expertCounts(uint32_t block) const { return m_experts->expertCounts(block); }

private:
    std::unique_ptr<LayerPart> m_attention, m_dense, m_experts;
};

} // namespace ponder::cpu
