#pragma once
// Host side of latent attention (MLA) for many tokens, expanded on cooperative matrices: each head's keys and values are made
// from the latents of the cache, a piece of the sequence at a time, and attended to by flash attention that goes on from piece
// to piece. 3.4 times fewer operations than the absorbed form (latent_attention.h), which is for few tokens, devices without
// such matrices and --precise. Works in memory that the caller lends. Belongs to the engine's thread.

#include <cstdint>
#include <memory>
#include <string>

#include "inference/kernels/attention.h"

namespace ponder::kernels {

class ExpandedAttention {
public:
    // Null where the absorbed form has to do: planExpandedAttention (latent_attention_plan.h) says where. shape: as
    // LatentAttention::create has it. maxTokens: of a prefill chunk.
    static Result<std::unique_ptr<ExpandedAttention>> create(const vulkan::Context& context,
                                                             vulkan::KernelRegistry& registry,
                                                             const LayerShape& shape, uint32_t v_head_dim,
                                                             uint32_t maxTokens, uint32_t maxContext);
    virtual ~ExpandedAttention() = default;

    virtual bool takes(uint32_t n) const = 0;  // whether so many tokens are worth expanding for
    virtual uint64_t scratchBytes() const = 0; // at least a chunk's attended latents in float32
    virtual std::string describe() const = 0;

    struct Args {
        const ExpertWeight* keys =
            nullptr; // of each head: [kv_lora_rank][nope] if transposed, else [nope][kv_lora_rank]
        const ExpertWeight* values = nullptr; // of each head: [v_head_dim][kv_lora_rank]
        bool keysTransposed = false;
        vulkan::BufferView q; // float [n][n_heads][head_dim], of which the last rope_dim are not read
        vulkan::BufferView
            rotated; // float [n][n_heads][kv_lora_rank + rope_dim], of which only the last rope_dim are
        vulkan::BufferView out;     // float [n][n_heads][v_head_dim]
        vulkan::BufferView scratch; // scratchBytes; from recordUnpack to the end of what record has recorded
        float scale = 0;            // of the softmax
    };
    // The heads' matrices as f16 into the scratch; needs a barrier before record.
    virtual Result<void> recordUnpack(vulkan::CommandRecorder& recorder, const Args& args) = 0;
    // out = softmax(scale q K^T, causal) V, of the n tokens at params.position and on, whose latents are in the cache.
    virtual Result<void> record(vulkan::CommandRecorder& recorder, const SequenceView& sequence,
                                uint32_t layer, const Args& args, uint32_t n) = 0;
};

} // namespace ponder::kernels
