#pragma once
// Where rounded activations lie: what mat-vec kernels multiply by integer dot products. Rows of columns / 16 blocks, one behind the
// other; a block is 16 high and 16 low bytes, and beside them its scale and its numbers' sum (shaders/lib/int8.glsl). A view that
// owns nothing; any thread.

#include "inference/vulkan/buffer.h"

namespace ponder::kernels {

inline constexpr uint32_t kInt8Block = 16; // values
inline constexpr uint32_t kInt8BlockBytes = 2 * kInt8Block;

struct Int8View {
    vulkan::BufferView numbers; // int8 [n][columns / 16][high, low][16]
    vulkan::BufferView scales;  // float2 (scale, sum) [n][columns / 16]

    explicit operator bool() const { return numbers.buffer != VK_NULL_HANDLE; }
};

} // namespace ponder::kernels
