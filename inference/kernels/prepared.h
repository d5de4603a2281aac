#pragma once
// Forms in which kernels want their activations, which the stage that makes these may leave at once (MatMul::prepared): rounded for
// mat-vec kernels, or f16 for cooperative matrices. Views that own nothing; any thread.

#include "inference/kernels/int8_view.h"

namespace ponder::kernels {

inline constexpr uint32_t kHalfAlignment = 256; // f16 values

// f16 values of a row: its columns rounded up to what formats without blocks count in; the rest is zero.
constexpr uint32_t halfStride(uint32_t columns) {
    return (columns + kHalfAlignment - 1) / kHalfAlignment * kHalfAlignment;
}

struct HalfView {
    vulkan::BufferView
        values; // f16 [n][halfStride(columns)], each row scaled by a power of two (shaders/lib/half_rows.glsl)
    vulkan::BufferView scales; // float [n]: what products are multiplied by

    explicit operator bool() const { return values.buffer != VK_NULL_HANDLE; }
};

struct Prepared {     // one of them, or neither
    Int8View rounded; // beside the floats
    HalfView halves;  // in their place
};

} // namespace ponder::kernels
