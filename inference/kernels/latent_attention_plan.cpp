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
// Joining the parts: rows are many, and with 32 values of a row a workgroup R1's decoding takes 2 to 4 us a layer more (H100).
constexpr uint32_t kMergeValues = 128, kSliceParts = 32;

// More rows read K fewer times; the first that fits the shared memory is taken.
struct Tile {
    uint32_t rows, keys;
};
constexpr std::array kTiles{Tile{16, 16}, Tile{16, 8}, Tile{8, 16}, Tile{8, 8},
                            Tile{8, 4},   Tile{4, 8},  Tile{4, 4},  Tile{2, 2}};

// As shaders/kernels/attention_latent_coopmat.comp has them.
constexpr uint32_t kMatrixRank = 512, kMatrixRope = 64, kMatrixSubgroups = 4, kMatrixRows = 16,
                   kMatrixKeys = 32;

// As shaders/kernels/attention_expanded_coopmat.comp and latent_expand_coopmat.comp have them.
constexpr uint32_t kNope = 128, kRope = 64, kValue = 128;
constexpr uint32_t kEdge = 16, kAttendSubgroups = 4, kExpandSubgroups = 8, kExpandTile = 128, kExpandStep = 64;
// Unpacking the matrices and expanding the keys is done once for all tokens of a pass; the absorbed form costs each token 3.4
// times as many operations, at 18 TFLOP/s where matrices give 150 to 170 (H100). Of 32 tokens it takes 0.02 ms a layer of R1 at
// the beginning and 4.3 ms behind 8,192 others, this one 0.15 and 2.0.
constexpr uint32_t kLeastExpanded = 32;
// Where the absorbed form has cooperative matrices too, at 130 TFLOP/s: of 64 tokens it takes 0.03 ms at the beginning and 1.1
// behind 8,192 others, the expanded 0.18 and 2.1; of 128 tokens 0.06 and 2.2 against 0.18 and 2.2, and queries and results have
// yet to be brought to the latent and back.
constexpr uint32_t kLeastExpandedOverMatrices = 96;

uint32_t ceilDiv(uint32_t a, uint32_t b) { return (a + b - 1) / b; }

uint32_t attendSharedBytes() {
    const uint32_t rows = kAttendSubgroups * kEdge, keys = 2 * kEdge;
    return keys * (kNope + kRope + 8 + kValue + 8) * 2 + rows * (keys + 4) * 4 + rows * (keys + 8) * 2 +
           rows * kEdge * 4;
}
uint32_t expandSharedBytes() {
    return 2 * kExpandTile * (kExpandStep + 8) * 2 + kExpandSubgroups * kEdge * kEdge * 4;
}

uint32_t matrixSharedBytes() {
    return kMatrixKeys * (kMatrixRank + kMatrixRope + 8) * 2 +
           kMatrixSubgroups * kMatrixRows * (kMatrixKeys + 4) * 4 + kMatrixRows * (kMatrixKeys + 8) * 2;
}

bool subgroupsSuit(const vulkan::DeviceCaps& caps, uint32_t subgroups) {
    const uint32_t size = caps.subgroupSize;
    const bool known = caps.subgroupSizeControl || caps.minSubgroupSize == caps.maxSubgroupSize;
    return known && (size == 16 || size == 32 || size == 64) && subgroups * size <= caps.maxInvocations;
}

bool matricesRun(const vulkan::DeviceCaps& caps, const LayerShape& shape) {
    return caps.cooperativeMatrix && caps.float16 && shape.cache == inference::CacheFormat::F16 &&
           shape.kv_lora_rank == kMatrixRank && shape.rope_dim == kMatrixRope &&
           shape.n_heads % kMatrixRows == 0 && subgroupsSuit(caps, kMatrixSubgroups) &&
           matrixSharedBytes() <= caps.maxSharedBytes;
}

// So many parts that there are `workgroups`, of which each takes one for some of the heads.
void splitKeys(LatentAttentionPlan& plan, const vulkan::DeviceCaps& caps, const LayerShape& shape,
               uint32_t maxContext, uint32_t workgroups) {
    const uint32_t useful = std::max(1u, ceilDiv(maxContext, kDecodeKeys)); // no part is shorter than a step
    plan.decodeParts = std::min(std::clamp(workgroups / ceilDiv(shape.n_heads, plan.rows), 2u, 256u), useful);
    const uint32_t slices = ceilDiv(plan.decodeParts, kSliceParts);
    plan.mergeInvocations =
        kMergeValues * std::clamp(slices, 1u, std::max(1u, caps.maxInvocations / kMergeValues));
    plan.mergeValues = kMergeValues;
}

} // namespace

uint32_t LatentAttentionPlan::partsOf(uint32_t n) const { return std::max(1u, decodeParts / n); }

std::string LatentAttentionPlan::describe() const {
    return fmt::format("{} {}x{}, decoding in up to {} parts",
                       cooperativeMatrix ? "cooperative matrix f16 (KHR)" : "plain f32", rows, keys,
                       decodeParts);
}

uint32_t latentSharedBytes(const LayerShape& shape, uint32_t rows, uint32_t keys) {
    const uint32_t keyDim = shape.planeValues(), blocks = rows / 2 * (keys / 2);
    const uint32_t slices = blocks < kInvocations ? kInvocations / blocks : 1;
    const uint32_t chunkBytes = shape.cache == inference::CacheFormat::F32 ? 32 : 16; // of eight values
    return rows * (keyDim / 4 + 1) * 16 + keys * (keyDim / 8 + 1) * chunkBytes +
           slices * rows * (keys + 1) * 4 + kInvocations * 4 + rows * 4;
}

Result<LatentAttentionPlan> planLatentAttention(const vulkan::DeviceCaps& caps, const LayerShape& shape,
                                                uint32_t maxContext, bool noCooperativeMatrix) {
    if (shape.kv_lora_rank == 0 || shape.kv_lora_rank % 8 != 0 || shape.rope_dim % 8 != 0 ||
        shape.kv_lora_rank > kMaxLatent)
        return {ErrorCode::UnsupportedArchitecture,
                fmt::format("Keys of {} latent and {} rotated values are not supported, only multiples of 8 "
                            "with a latent of at most {}: choose another model.",
                            shape.kv_lora_rank, shape.rope_dim, kMaxLatent)};
    // Workgroups that keep a device busy: two on each of an H100's 132 multiprocessors, four of the plain kernel's.
    const auto fill = [&caps](uint32_t ofCard) { return caps.software ? 8 : caps.unified ? 128 : ofCard; };
    LatentAttentionPlan plan;
    if (!noCooperativeMatrix && matricesRun(caps, shape)) {
        plan.cooperativeMatrix = true;
        plan.rows = kMatrixRows;
        plan.keys = kMatrixKeys;
        plan.subgroupSize = caps.subgroupSize;
        plan.invocations = kMatrixSubgroups * caps.subgroupSize;
        splitKeys(plan, caps, shape, maxContext, fill(256));
        return plan;
    }
    plan.invocations = kInvocations;
    for (const Tile& tile : kTiles) {
        if (latentSharedBytes(shape, tile.rows, tile.keys) > caps.maxSharedBytes) continue;
        plan.rows = tile.rows;
        plan.keys = tile.keys;
        splitKeys(plan, caps, shape, maxContext, fill(512));
        return plan;
    }
    return tooLittleShared(caps, "keys", shape.planeValues(), latentSharedBytes(shape, 2, 2));
}

std::optional<ExpandedAttentionPlan> planExpandedAttention(const vulkan::DeviceCaps& caps,
                                                           const LayerShape& shape, uint32_t v_head_dim,
                                                           uint32_t maxTokens, uint32_t maxContext) {
    const uint32_t least = matricesRun(caps, shape) ? kLeastExpandedOverMatrices : kLeastExpanded;
    if (!caps.cooperativeMatrix || !caps.float16 || shape.cache != inference::CacheFormat::F16 ||
        maxTokens < least)
        return {};
    if (shape.head_dim != kNope + kRope || shape.rope_dim != kRope || v_head_dim != kValue ||
        shape.kv_lora_rank == 0 || shape.kv_lora_rank % kExpandStep != 0)
        return {};
    if (!subgroupsSuit(caps, kExpandSubgroups) ||
        std::max(attendSharedBytes(), expandSharedBytes()) > caps.maxSharedBytes)
        return {};

    ExpandedAttentionPlan plan{.leastTokens = least,
                               .rows = kAttendSubgroups * kEdge,
                               .keys = 2 * kEdge,
                               .expandKeys = kExpandTile,
                               .attendSubgroups = kAttendSubgroups,
                               .expandSubgroups = kExpandSubgroups,
                               .subgroupSize = caps.subgroupSize};
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
