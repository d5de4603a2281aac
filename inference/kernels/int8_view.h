#pragma once
// Where rounded activations lie: what mat-vec kernels multiply by integer dot products. Rows of int8RowBlocks(columns) blocks, one
// behind the other; a block is 16 high and 16 low bytes, in an order of their own (shaders/lib/int8_layout.glsl), and beside them
// its scale and its numbers' sum (shaders/lib/int8.glsl). A view that owns nothing; any thread.

#include "inference/vulkan/buffer.h"

namespace ponder::kernels {

inline constexpr uint32_t kInt8Block = 16; // values
inline constexpr uint32_t kInt8BlockBytes = 2 * kInt8Block;
inline constexpr uint32_t kInt8Group = 16; // blocks; a row is whole groups of them

// Blocks from one row to the next.
constexpr uint32_t int8RowBlocks(uint32_t columns) {
    constexpr uint32_t values = kInt8Block * kInt8Group;
    return (columns + values - 1) / values * kInt8Group;
}

struct Int8View {
    vulkan::BufferView numbers; // int8 [n][int8RowBlocks / 16][high, low][16][16]
    vulkan::BufferView scales;  // float2 (scale, sum) [n][int8RowBlocks]
    // Of a residual times a norm's weight (MatMul::recordWithNorm), whose factor products still multiply by; else empty. Of one
    // token the sums of its residual's squares, a block each; of several their factors (shaders/lib/normed_x.glsl).
    vulkan::BufferView norm; // float [blocks] or [n]
    float eps = 0;           // of that norm

    explicit operator bool() const { return numbers.buffer != VK_NULL_HANDLE; }
    bool wantsFactor() const { return norm.buffer != VK_NULL_HANDLE; }
    // One of its rows, of what wants no factor; empty if the view is.
    Int8View row(uint32_t index, uint32_t columns) const {
        if (!*this) return {};
        const uint64_t blocks = int8RowBlocks(columns), scaleBytes = blocks * 2 * sizeof(float);
        return {numbers.part(index * blocks * kInt8BlockBytes, blocks * kInt8BlockBytes),
                scales.part(index * scaleBytes, scaleBytes),
                {},
                0};
    }
};

} // namespace ponder::kernels
