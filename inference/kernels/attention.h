#pragma once
// Host side of attention over the block cache and of the small families around it. Activations are float32, row-major
// [n_tokens][...]; the cache is f16, f32 or int8 with scales. Position and lengths come from StepParams, so that a recorded
// pass of one token can be replayed at any position. Belongs to the engine's thread.

#include <cstdint>
#include <memory>
#include <span>

#include "inference/cache_format.h"
#include "inference/kernels/prepared.h"
#include "inference/kernels/weight.h"
#include "inference/vulkan/command_recorder.h"
#include "models/hyperparams.h"

namespace ponder::kernels {

// Where a pass finds its sequence: StepParams and the block table (uint64 addresses), see shaders/shared/step_params.h.
struct SequenceView {
    vulkan::BufferView params;
    vulkan::BufferView blockTable;
};

struct LayerShape {
    uint32_t n_heads = 0, n_kv_heads = 0, head_dim = 0;
    uint32_t n_layers = 0;
    inference::CacheFormat cache = inference::CacheFormat::F16;
    uint32_t kv_lora_rank = 0, rope_dim = 0; // latent attention; 0: K and V of every key head
    uint32_t planes() const { return kv_lora_rank > 0 ? 1 : 2; }
    // Values that a plane of a block keeps of a token.
    uint32_t planeValues() const {
        return kv_lora_rank > 0 ? kv_lora_rank + rope_dim : n_kv_heads * head_dim;
    }
    // Of a token in a plane.
    inference::CacheRow kvRow() const { return inference::cacheRow(cache, planeValues()); }
    uint64_t kvPlaneBytes() const { return 256 * kvRow().bytes(); }
    uint64_t kvLayerBytes() const { return planes() * kvPlaneBytes(); } // of a block
    uint64_t kvBlockBytes() const { return kvLayerBytes() * n_layers; }
};

// What attention begins with: products not yet rotated, float [n][n_heads * head_dim] and twice [n][n_kv_heads * head_dim].
struct AttentionInputs {
    vulkan::BufferView q, k, v;
    uint64_t ropeTable =
        0; // device address of float2 (cos, sin) [n_ctx][rope_dim / 2], computed in double on the host
    uint32_t rope_dim = 0; // the first values of a head, which are rotated
    models::RopePairs pairs = models::RopePairs::Halves;
};

// One token of a sequence: what its attention reads, and where the result goes.
struct AttentionToken {
    SequenceView sequence;
    AttentionInputs inputs; // only read
    vulkan::BufferView out;
    Int8View rounded; // where the result may be left rounded as well (MatMul::rounded)
};

class Attention {
public:
    // maxTokens: of a prefill chunk.
    static Result<std::unique_ptr<Attention>> create(const vulkan::Context& context,
                                                     vulkan::KernelRegistry& registry, const LayerShape& shape,
                                                     uint32_t maxTokens, uint32_t maxContext);
    virtual ~Attention() = default;

    // out[n][n_heads * head_dim] = softmax(q K^T / sqrt(head_dim), causal) V, where q and K are rotated, of n tokens of one
    // sequence at params.position and on, whose K and V are then in the cache.
    //
    // One token each of one or several sequences, all in one: split over the cache, in a number of parts fixed at creation, so that
    // the recording fits every length. Gives whether results were left rounded, all of them or none.
    virtual Result<bool> recordTokens(vulkan::CommandRecorder& recorder, uint32_t layer,
                                      std::span<const AttentionToken> tokens) = 0;
    // Several of one sequence: first q is rotated in place, k rotated and written with v into the cache; after a barrier, flash attention.
    virtual Result<void> recordRopeAndStore(vulkan::CommandRecorder& recorder, const SequenceView& sequence,
                                            uint32_t layer, const AttentionInputs& inputs, uint32_t n) = 0;
    virtual Result<void> record(vulkan::CommandRecorder& recorder, const SequenceView& sequence,
                                uint32_t layer, const vulkan::BufferView& q, const vulkan::BufferView& out,
                                uint32_t n) = 0;
    virtual std::string describe() const = 0;
};

// rms_norm, gated activation, and what else is elementwise.
class Elementwise {
public:
    static Result<std::unique_ptr<Elementwise>> create(const vulkan::Context& context,
                                                       vulkan::KernelRegistry& registry);
    virtual ~Elementwise() = default;
    // prepared: where the result is to lie as products want it (MatMul::prepared). Rounded: as well; then rows are multiples of 16
    // values, and buffers are aligned by 16 bytes. As f16: only so, y is left alone. Empty: only y.
    // y = x / sqrt(mean(x^2) + eps) * weight, per row; x, y: float [n][columns]; weight: device address of float [columns].
    virtual Result<void> recordRmsNorm(vulkan::CommandRecorder& recorder, const vulkan::BufferView& x,
                                       uint64_t weight, const vulkan::BufferView& y, uint32_t columns,
                                       uint32_t n, float eps, const Prepared& prepared = {}) = 0;
    // The same with rows further apart than they are wide.
    virtual Result<void> recordRmsNorm(vulkan::CommandRecorder& recorder, const vulkan::BufferView& x,
                                       uint32_t xStride, uint64_t weight, const vulkan::BufferView& y,
                                       uint32_t yStride, uint32_t columns, uint32_t n, float eps) = 0;
    // y = silu(gate) * up; float [n][columns] each; y may be gate.
    virtual Result<void> recordGatedSilu(vulkan::CommandRecorder& recorder, const vulkan::BufferView& gate,
                                         const vulkan::BufferView& up, const vulkan::BufferView& y,
                                         uint32_t columns, uint32_t n, const Prepared& prepared = {}) = 0;
};

} // namespace ponder::kernels
