#pragma once
// With what tiles latent attention runs: a pure function of the device's caps and the model's shape, tested with made-up
// devices. The kernel's own limits stand in its first lines. Values; no threads.

#include <cstdint>

#include "inference/kernels/attention.h"
#include "inference/vulkan/device_caps.h"

namespace ponder::kernels {

struct LatentAttentionPlan {
    uint32_t rows = 0, keys = 0;   // of a workgroup, of a step
    uint32_t decodeParts = 1;      // the most parts that one token's keys are split into
    uint32_t mergeInvocations = 0; // of attention_decode_merge
};

// Errors: UnsupportedArchitecture for a shape that the kernel does not take, DeviceTooLimited for too little shared memory.
Result<LatentAttentionPlan> planLatentAttention(const vulkan::DeviceCaps& caps, const LayerShape& shape,
                                                uint32_t maxContext);

uint32_t latentSharedBytes(const LayerShape& shape, uint32_t rows, uint32_t keys);

} // namespace ponder::kernels
