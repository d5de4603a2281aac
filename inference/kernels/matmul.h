#pragma once
// Host side of the matrix families: y = W x for one to eight columns (mat-vec) and for many (mat-mat), every format.
// Which kernel runs is a table (matmul_plan.h), a pure function of the device's caps and the shape.
// Activations are float32, row-major: x[n][columns], y[n][rows]. Belongs to the engine's thread.

#include <cstdint>
#include <memory>
#include <span>

#include "inference/kernels/prepared.h"
#include "inference/kernels/weight.h"
#include "inference/vulkan/command_recorder.h"

namespace ponder::kernels {

struct MatMulArgs {
    const Weight* weight = nullptr;
    vulkan::BufferView x; // float [n][xStride], xStride >= columns
    uint32_t xStride = 0;
    vulkan::BufferView y; // float [n][yStride], yStride >= rows
    uint32_t yStride = 0;
    uint32_t n = 1;          // tokens
    uint64_t bias = 0;       // device address of float [rows], or 0
    bool accumulate = false; // y += W x: the residual, fused
    bool exact = false;      // float32 whatever the others are: a router's choice hangs on it
    Prepared prepared; // x as who made it left it (MatMul::prepared); empty: it is converted here if need be
};

class MatMul {
public:
    // precise: float32 arithmetic throughout, never f16 or rounded activations.
    static Result<std::unique_ptr<MatMul>> create(const vulkan::Context& context,
                                                  vulkan::KernelRegistry& registry, bool precise,
                                                  uint32_t maxTokens, uint32_t maxColumns);
    virtual ~MatMul() = default;

    // Records products that do not depend on each other, without barriers between them (Q, K, V; gate, up). Several with the
    // same x share the conversion of x that a kernel may want; such scratch is the object's own, with its own barriers. The
    // caller puts a barrier before (x ready) and after (y ready).
    virtual Result<void> record(vulkan::CommandRecorder& recorder, std::span<const MatMulArgs> products) = 0;
    // Where a stage that makes x may leave it as products of n tokens with these weights, which have the same columns, want it, one
    // stage fewer: rounded as well, if one of them would round it; as f16 only, if all of them would convert it; else empty. One x
    // at a time: it holds until the next one is made there or record() is called with an x that is not there.
    virtual Int8View rounded(std::span<const Weight* const> weights, uint32_t n) const = 0;
    virtual HalfView halves(std::span<const Weight* const> weights, uint32_t n) const = 0;
    Prepared prepared(std::span<const Weight* const> weights, uint32_t n) const {
        return {rounded(weights, n), halves(weights, n)};
    }
    Prepared prepared(const Weight& weight, uint32_t n) const {
        const Weight* const one = &weight;
        return prepared({&one, 1}, n);
    }
    // silu(gate x) * (up x) of an x that was rounded, in one step, rounded too: where it lies, beside x. Empty, and nothing
    // recorded, if these weights or this device want steps of their own.
    virtual Result<Int8View> recordGated(vulkan::CommandRecorder& recorder, const Weight& gate,
                                         const Weight& up, const Int8View& x, uint32_t n) = 0;
    // A product that completes a residual (y += W x) may take over the norm behind it: takesNorm() says whether recordWithNorm() may be
    // called, for an x that wants no factor and readers of the norm's result that all take it rounded. That leaves y and, beside
    // it, what the norm would have rounded but for a factor, which products with it multiply by. One at a time. normWeight:
    // device address of float [rows].
    virtual bool takesNorm(const Weight& weight, std::span<const Weight* const> readers, uint32_t n) const = 0;
    virtual Result<Int8View> recordWithNorm(vulkan::CommandRecorder& recorder, const MatMulArgs& product,
                                            uint64_t normWeight, float eps) = 0;
    // Rows of a weight (token embeddings) dequantised: y[n][columns] = W[ids[n]]; ids: uint32 on the device, in a buffer.
    virtual Result<void> recordRows(vulkan::CommandRecorder& recorder, const Weight& weight,
                                    const vulkan::BufferView& ids, const vulkan::BufferView& y,
                                    uint32_t n) = 0;
    // "mat-vec int8, mat-mat cooperative matrix f16 (KHR)": for diagnostics.
    virtual std::string describe() const = 0;
};

} // namespace ponder::kernels
