#pragma once
// Host side of latent attention (MLA) over the block cache, absorbed: keys stay the latent that was cached, 576 values a token
// for all heads of the DeepSeek models, and queries are brought to it (expert_matmul.h). For few tokens, and for many where the
// expanded form (expanded_attention.h) is not to be had. Activations are float32; the cache is f16, or f32 when precise.
// Belongs to the engine's thread.

#include <cstdint>
#include <memory>

#include "inference/kernels/attention.h"

namespace ponder::kernels {

class LatentAttention {
public:
    // shape: n_heads, n_layers, kv_lora_rank, rope_dim, cache. head_dim: of a query before it is absorbed.
    static Result<std::unique_ptr<LatentAttention>> create(const vulkan::Context& context,
                                                           vulkan::KernelRegistry& registry,
                                                           const LayerShape& shape, uint32_t maxContext);
    virtual ~LatentAttention() = default;

    struct Store {
        vulkan::BufferView q;        // float [n][n_heads][head_dim]
        vulkan::BufferView latent;   // float [n][kv_lora_rank + rope_dim], not yet normed
        vulkan::BufferView absorbed; // float [n][n_heads][kv_lora_rank + rope_dim]
        uint32_t head_dim = 0;
        uint64_t normWeight = 0; // device address of float [kv_lora_rank]
        uint64_t ropeTable = 0;  // device address of float2 [n_ctx][rope_dim / 2]
        models::RopePairs pairs = models::RopePairs::Interleaved;
        float eps = 0;
    };
    // Norms and rotates keys into the cache, and rotates the last rope_dim values of queries into the last of the absorbed.
    virtual Result<void> recordStore(vulkan::CommandRecorder& recorder, const SequenceView& sequence,
                                     uint32_t layer, const Store& store, uint32_t n) = 0;
    // out[n][n_heads][kv_lora_rank] = softmax(scale q K^T, causal) of the latents.
    virtual Result<void> record(vulkan::CommandRecorder& recorder, const SequenceView& sequence,
                                uint32_t layer, const vulkan::BufferView& absorbed,
                                const vulkan::BufferView& out, float scale, uint32_t n) = 0;
    virtual std::string describe() const = 0;
};

} // namespace ponder::kernels
