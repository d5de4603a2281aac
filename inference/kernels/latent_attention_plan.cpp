#include "inference/kernels/latent_attention_plan.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "inference/kernels/attention_plan.h"
#include "shaders/shared/step_params.h"

namespace ponder::kernels {

namespace {

constexpr uint32_t kInvocations = 128; // as shaders/kernels/attention_latent.comp has them
constexpr uint32_t kMaxLatent = 512;
constexpr uint32_t kDecodeKeys = 64; // DECODE_KEYS in shaders/lib/attention_parts.glsl

// More rows read K fewer times; the first that fits the shared memory is taken.
struct Tile {
    uint32_t rows, keys;
};
constexpr std::array kTiles{Tile{16, 16}, Tile{16, 8}, Tile{8, 16}, Tile{8, 8},
                            Tile{8, 4},   Tile{4, 8},  Tile{4, 4},  Tile{2, 2}};

// As shaders/kernels/attention_expanded_coopmat.comp and latent_expand_coopmat.comp have them.
constexpr uint32_t kNope = 128, kRope = 64, kValue = 128;
constexpr uint32_t kEdge = 16, kAttendSubgroups = 4, kExpandSubgroups = 8, kExpandTile = 128, kExpandStep = 64;
// Unpacking the matrices and expanding the keys is done once for all tokens of a pass; the absorbed form costs each token 3.4
// times as many operations, at 18 TFLOP/s where matrices give 150 to 170 (H100). Of 32 tokens it takes 0.02 ms a layer of R1 at
// the beginning and 4.3 ms behind 8,192 others, this one 0.15 and 2.0.
constexpr uint32_t kLeastExpanded = 32;

uint32_t ceilDiv(uint32_t a, uint32_t b) { return (a + b - 1) / b; }

uint32_t attendSharedBytes() {
    const uint32_t rows = kAttendSubgroups * kEdge, keys = 2 * kEdge;
    return keys * (kNope + kRope + 8 + kValue + 8) * 2 + rows * (keys + 4) * 4 + rows * (keys + 8) * 2 +
           rows * kEdge * 4;
}
uint32_t expandSharedBytes() {
    return 2 * kExpandTile * (kExpandStep + 8) * 2 + kExpandSubgroups * kEdge * kEdge * 4;
}

} // namespace

uint32_t latentSharedBytes(const LayerShape& shape, uint32_t rows, uint32_t keys) {
    const uint32_t keyDim = shape.planeValues(), blocks = rows / 2 * (keys / 2);
    const uint32_t slices = blocks < kInvocations ? kInvocations / blocks : 1;
    const uint32_t chunkBytes = shape.precise ? 32 : 16; // of eight values
    return rows * (keyDim / 4 + 1) * 16 + keys * (keyDim / 8 + 1) * chunkBytes +
           slices * rows * (keys + 1) * 4 + kInvocations * 4 + rows * 4;
}

Result<LatentAttentionPlan> planLatentAttention(const vulkan::DeviceCaps& caps, const LayerShape& shape,
                                                uint32_t maxContext) {
    if (shape.kv_lora_rank == 0 || shape.kv_lora_rank % 8 != 0 || shape.rope_dim % 8 != 0 ||
        shape.kv_lora_rank > kMaxLatent)
        return {ErrorCode::UnsupportedArchitecture,
                fmt::format("Keys of {} latent and {} rotated values are not supported, only multiples of 8 "
                            "with a latent of at most {}: choose another model.",
                            shape.kv_lora_rank, shape.rope_dim, kMaxLatent)};
    for (const Tile& tile : kTiles) {
        if (latentSharedBytes(shape, tile.rows, tile.keys) > caps.maxSharedBytes) continue;
        LatentAttentionPlan plan{.rows = tile.rows, .keys = tile.keys};
        const uint32_t fill = caps.software  ? 8
                              : caps.unified ? 128
                                             : 512; // workgroups that keep a device busy
        const uint32_t useful =
            std::max(1u, ceilDiv(maxContext, kDecodeKeys)); // no part is shorter than a step
        plan.decodeParts = std::min(std::clamp(fill / ceilDiv(shape.n_heads, tile.rows), 2u, 256u), useful);
        plan.mergeInvocations = std::min(256u, caps.maxInvocations / 32 * 32);
        return plan;
    }
    return tooLittleShared(caps, "keys", shape.planeValues(), latentSharedBytes(shape, 2, 2));
}

std::optional<ExpandedAttentionPlan> planExpandedAttention(const vulkan::DeviceCaps& caps,
                                                           const LayerShape& shape, uint32_t v_head_dim,
                                                           uint32_t maxTokens, uint32_t maxContext) {
    if (!caps.cooperativeMatrix || !caps.float16 || shape.precise || maxTokens < kLeastExpanded) return {};
    if (shape.head_dim != kNope + kRope || shape.rope_dim != kRope || v_head_dim != kValue ||
        shape.kv_lora_rank == 0 || shape.kv_lora_rank % kExpandStep != 0)
        return {};
    const uint32_t size = caps.subgroupSize;
    const bool known = caps.subgroupSizeControl || caps.minSubgroupSize == caps.maxSubgroupSize;
    if (!known || (size != 16 && size != 32 && size != 64) || kExpandSubgroups * size > caps.maxInvocations ||
        std::max(attendSharedBytes(), expandSharedBytes()) > caps.maxSharedBytes)
        return {};

    ExpandedAttentionPlan plan{.leastTokens = kLeastExpanded,
                               .rows = kAttendSubgroups * kEdge,
                               .keys = 2 * kEdge,
                               .expandKeys = kExpandTile,
                               .attendSubgroups = kAttendSubgroups,
                               .expandSubgroups = kExpandSubgroups,
                               .subgroupSize = size};
    const uint64_t blockBytes = uint64_t{PONDER_KV_BLOCK} * shape.n_heads * (kNope + kValue) * 2;
    plan.headsBytes = uint64_t{shape.n_heads} * (kNope + kValue) * shape.kv_lora_rank * 2;
    plan.scratchBytes = std::max(uint64_t{maxTokens} * shape.n_heads * shape.kv_lora_rank * sizeof(float),
                                 plan.headsBytes + blockBytes);
    if (plan.scratchBytes > caps.maxStorageRange) return {};
    const uint64_t blocks = std::min<uint64_t>((plan.scratchBytes - plan.headsBytes) / blockBytes,
                                               ceilDiv(maxContext, PONDER_KV_BLOCK));
    plan.pieceKeys = static_cast<uint32_t>(blocks) * PONDER_KV_BLOCK;
    return plan;
}

} // namespace ponder::kernels
