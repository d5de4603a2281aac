#pragma once
// Host side of products with one matrix out of several a (token, slot) pair: the experts that a router chose, or the heads of
// latent attention. Few tokens: one dispatch over the pairs, each a mat-vec. Many: a mat-mat over the pairs sorted by
// expert, so that each expert is read once. Activations are float32, row-major. Belongs to the engine's thread.

#include <cstdint>
#include <memory>
#include <span>

#include "inference/kernels/matmul_plan.h"
#include "inference/kernels/weight.h"
#include "inference/vulkan/command_recorder.h"

namespace ponder::kernels {

// Which expert each pair goes to, as Router leaves it. Partial: pairs of experts that are not on the device have an expert that
// there is not, and their rows of a result stay as they are.
struct ExpertChoice {
    vulkan::BufferView chosen; // uint32 [n][slots]
    vulkan::BufferView sorted; // uint32 [experts + 1]: where each expert's pairs begin; then the pairs
    bool partial = false;
};

struct ExpertMatMulArgs {
    const ExpertWeight* weight = nullptr;
    vulkan::BufferView x; // float [n or n * slots][xStride]
    uint32_t xStride = 0;
    vulkan::BufferView y; // float [n * slots][yStride]
    uint32_t yStride = 0;
    uint32_t n = 1;     // tokens
    uint32_t slots = 1; // matrices of a token
    bool xPerPair = false;
    const ExpertChoice* choice = nullptr; // null: slot s of every token takes matrix s
};

class ExpertMatMul {
public:
    struct Limits {
        uint32_t tokens = 0;
        uint32_t rows = 0;      // of x a token, at most
        uint32_t rowValues = 0; // of x a token, each row rounded up by halfStride
    };
    static Result<std::unique_ptr<ExpertMatMul>> create(const vulkan::Context& context,
                                                        vulkan::KernelRegistry& registry, bool precise,
                                                        const Limits& limits);
    virtual ~ExpertMatMul() = default;

    // Products that do not depend on each other, and all read the same x where they read any as f16; the caller puts barriers
    // before and after.
    virtual Result<void> record(vulkan::CommandRecorder& recorder,
                                std::span<const ExpertMatMulArgs> products) = 0;
    // y[pair] = W^T x[pair], a matrix a slot; weight.rows values of x, weight.columns of y.
    virtual Result<void> recordTransposed(vulkan::CommandRecorder& recorder, const ExpertMatMulArgs& args) = 0;
    // Whether products of so many tokens want the pairs sorted.
    virtual bool wantsSorted(uint32_t n, uint32_t slots, uint32_t experts) const = 0;
};

// With overrides of the caller's, for tests; create takes those of tuning.
Result<std::unique_ptr<ExpertMatMul>> createExpertMatMul(const vulkan::Context& context,
                                                         vulkan::KernelRegistry& registry,
                                                         const MatMulOverrides& overrides, bool precise,
                                                         const ExpertMatMul::Limits& limits);

} // namespace ponder::kernels
