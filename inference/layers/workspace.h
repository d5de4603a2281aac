#pragma once
// What the parts of a model's layers work with: the kernels, the residual stream, the sequence of a pass. Made by the decoder,
// which owns all of it; filled before the first part is created. Belongs to the engine's thread.

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "inference/experts/address_table.h"
#include "inference/hybrid/host_side.h"
#include "inference/hybrid/layer_ring.h"
#include "inference/kernels/attention.h"
#include "inference/kernels/matmul.h"
#include "inference/weights.h"
#include "models/hyperparams.h"

namespace ponder::inference {

// A norm of the residual, and the matrices that all of its readers multiply the result by.
struct NormInput {
    const kernels::Weight* norm = nullptr; // null: there is none
    std::vector<const kernels::Weight*> readers;
};

// Between two halves of layers, while they are recorded one behind the other.
struct NormBetween {
    NormInput behind; // what comes behind the half that is recorded, if the step that completes the residual may take it over
    kernels::Int8View taken; // what that step left in the norm's place; empty: the norm is still to be recorded
};

struct Workspace {
    vulkan::Context& context;
    vulkan::KernelRegistry& registry;
    const models::Hyperparams& hyperparams;
    const Weights& weights;
    uint32_t contextTokens = 0, chunkTokens = 0;
    bool precise = false;
    CacheFormat cache = CacheFormat::F16;
    HostSide* host = nullptr;        // null: the device has all of the model
    const LayerRing* ring = nullptr; // through which the host's layers come to the device; null: they do not

    kernels::MatMul* matMul = nullptr;
    kernels::Elementwise* elementwise = nullptr;
    AddressTable* addresses = nullptr;
    NormBetween* between = nullptr;
    vulkan::BufferView x;      // float [chunk][n_embd]: the residual stream
    vulkan::BufferView normed; // float [chunk][n_embd]
    kernels::SequenceView sequence;
    std::vector<kernels::SequenceView> batch; // of the rows of a pass of several sequences; empty: there is none
    uint64_t ropeTable = 0;

    // A tensor of a block, of one in the ring while it is there; empty where the file has none.
    kernels::Weight find(uint32_t block, std::string_view name) const;
    // The same, which must be there: checkTensors has seen it in the file.
    Result<kernels::Weight> need(uint32_t block, std::string_view name) const;
    struct Wanted {
        kernels::Weight& into;
        std::string_view name;
    };
    Result<void> need(uint32_t block, std::initializer_list<Wanted> all) const;

    // Where a block's keys and values are.
    CachePlace cacheOf(uint32_t block) const {
        return ring ? ring->cacheOf(block, sequence) : CachePlace{sequence, block};
    }

    Result<vulkan::Buffer> scratch(uint64_t rowValues,
                                   std::string_view name) const; // float [chunk][rowValues]
    // normed = norm of x, and that as products want it where MatMul::prepared said so.
    Result<void> recordNorm(vulkan::CommandRecorder& recorder, const kernels::Weight& weight, uint32_t n,
                            const kernels::Prepared& prepared = {}) const;
    // A half's norm, from the barrier before it on, as all of its readers want it; nothing if the step before has taken it over.
    Result<kernels::Prepared> recordNormInput(vulkan::CommandRecorder& recorder, std::string_view stage,
                                              const NormInput& input, uint32_t n) const;
    // x += W y, with a bias that may be empty; takes over the norm behind where it can. prepared: y, if whoever made it did so.
    Result<void> recordToResidual(vulkan::CommandRecorder& recorder, const kernels::Weight& weight,
                                  const kernels::Weight& bias, const vulkan::BufferView& y, uint32_t n,
                                  const kernels::Prepared& prepared = {}) const;
    // How every attention ends: what it attended to, back in the residual.
    Result<void> recordAttentionOutput(vulkan::CommandRecorder& recorder, const kernels::Weight& weight,
                                       const kernels::Weight& bias, const vulkan::BufferView& attended,
                                       uint32_t n, const kernels::Prepared& prepared = {}) const;
};

// y = W x of n tokens, rows as wide as the matrix says.
inline kernels::MatMulArgs product(const kernels::Weight& weight, const vulkan::BufferView& x,
                                   const vulkan::BufferView& y, uint32_t n) {
    return {.weight = &weight, .x = x, .xStride = weight.columns, .y = y, .yStride = weight.rows, .n = n};
}
inline kernels::MatMulArgs biased(kernels::MatMulArgs args, const kernels::Weight& bias) { // empty: none
    args.bias = bias ? bias.address() : 0;
    return args;
}

} // namespace ponder::inference
