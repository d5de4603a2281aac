#pragma once
// With what tiles latent attention runs, absorbed and expanded: pure functions of the device's caps and the model's shape,
// tested with made-up devices. The kernels' own limits stand in their first lines. Values; no threads.

#include <cstdint>
#include <optional>
#include <string>

#include "inference/kernels/attention.h"
#include "inference/vulkan/device_caps.h"

namespace ponder::kernels {

struct LatentAttentionPlan {
    bool cooperativeMatrix = false;
    uint32_t rows = 0, keys = 0;   // of a workgroup, of a step
    uint32_t invocations = 0;      // of a workgroup
    uint32_t subgroupSize = 0;     // of the cooperative matrix kernel
    uint32_t decodeParts = 1;      // the most parts that one token's keys are split into
    uint32_t mergeInvocations = 0; // of attention_decode_merge
    uint32_t mergeValues = 0;      // of a row, that a workgroup of it computes

    uint32_t partsOf(uint32_t n) const; // of n tokens' keys: as many in all as of one token's
    std::string describe() const;
};

// Errors: UnsupportedArchitecture for a shape that the kernel does not take, DeviceTooLimited for too little shared memory.
Result<LatentAttentionPlan> planLatentAttention(const vulkan::DeviceCaps& caps, const LayerShape& shape,
                                                uint32_t maxContext, bool noCooperativeMatrix = false);

uint32_t latentSharedBytes(const LayerShape& shape, uint32_t rows, uint32_t keys); // of the plain kernel

// Of many tokens, each head's keys and values made from the latents: latent_expand, attention_expanded.
struct ExpandedAttentionPlan {
    uint32_t leastTokens = 0;                          // that are worth it
    uint32_t rows = 0, keys = 0;                       // attention: tokens of a workgroup, keys of a step
    uint32_t expandKeys = 0;                           // expansion: keys of a workgroup
    uint32_t attendSubgroups = 0, expandSubgroups = 0; // of a workgroup
    uint32_t subgroupSize = 0;
    uint32_t pieceKeys = 0;    // that are expanded at a time
    uint64_t headsBytes = 0;   // of the scratch: the heads' matrices as f16
    uint64_t scratchBytes = 0; // behind them a piece's keys and values
};

// As many keys at a time as there is room for where the attended latents of a chunk would be. None: a device without cooperative
// matrices or too limited for these, other heads than those of 128 + 64 and 128 values that the family has, float32.
std::optional<ExpandedAttentionPlan> planExpandedAttention(const vulkan::DeviceCaps& caps,
                                                           const LayerShape& shape, uint32_t v_head_dim,
                                                           uint32_t maxTokens, uint32_t maxContext);

} // namespace ponder::kernels
