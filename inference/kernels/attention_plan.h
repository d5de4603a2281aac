#pragma once
// Which attention kernels run, and with what tiles: a pure function of the device's caps and the model's
// shape, so that the choice is tested with made-up devices. The kernels' own limits stand in their first
// lines. Values; no threads.

#include <cstdint>
#include <string>
#include <string_view>

#include "inference/kernels/attention.h"
#include "inference/vulkan/device_caps.h"

namespace ponder::kernels {

// Of tuning, or a test's.
struct AttentionOverrides {
    bool noCooperativeMatrix = false;
    uint32_t decodeParts = 0; // 0: as many as fill the device
};

struct AttentionPlan {
    enum class Prefill { Plain, CooperativeMatrix };

    // One token: attention_decode, attention_decode_merge.
    uint32_t decodeHeads = 1;      // query heads of a workgroup, at most 8
    uint32_t decodeHeadGroups = 1; // workgroups that the query heads of a key head take
    uint32_t decodeParts = 1;      // the most parts that a sequence is split into
    uint32_t mergeInvocations = 256;

    // Several: attention_prefill or attention_prefill_coopmat.
    Prefill prefill = Prefill::Plain;
    uint32_t rows = 0;         // (token, query head) pairs of a workgroup
    uint32_t keys = 0;         // keys of a step
    uint32_t invocations = 0;  // of a workgroup
    uint32_t subgroupSize = 0; // that the kernel is compiled for; 0: any

    std::string describe() const; // "prefill cooperative matrix f16 64x32, decoding in 128 parts of 7 heads"
};

// Errors: UnsupportedArchitecture for a shape that no kernel takes, DeviceTooLimited for too little shared memory.
Result<AttentionPlan> planAttention(const vulkan::DeviceCaps& caps, const LayerShape& shape,
                                    uint32_t maxContext, const AttentionOverrides& overrides);

// What a device is refused with whose workgroups have fewer bytes than attention over `of` ("heads") of so many values needs.
Error tooLittleShared(const vulkan::DeviceCaps& caps, std::string_view of, uint32_t values, uint32_t needed);

// Shared memory of the kernels with these tiles.
uint32_t decodeSharedBytes(uint32_t head_dim, uint32_t heads, inference::CacheFormat cache);
uint32_t prefillSharedBytes(uint32_t head_dim, uint32_t rows, uint32_t keys);
uint32_t prefillMatrixSharedBytes(uint32_t head_dim);

} // namespace ponder::kernels
