#pragma once
// Where activations rounded to int8 lie: what mat-vec kernels multiply by integer dot products. Rows of columns / 16 blocks, one
// behind the other; a block is 16 signed bytes, and beside them its scale and their sum (shaders/lib/int8.glsl). A view that
// owns nothing; any thread.

#include "inference/vulkan/buffer.h"

namespace ponder::kernels {

inline constexpr uint32_t kInt8Block = 16; // values

struct Int8View {
    vulkan::BufferView numbers; // int8 [n][columns]
    vulkan::BufferView scales;  // float2 (scale, sum) [n][columns / 16]

    explicit operator bool() const { return numbers.buffer != VK_NULL_HANDLE; }
};

} // namespace ponder::kernels
