#include "inference/kernels/attention_plan.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace ponder::kernels {

using inference::CacheFormat;

namespace {

constexpr uint32_t kMaxHeadDim = 256;
constexpr uint32_t kMaxDecodeHeads = 8;
constexpr uint32_t kMostDecodeParts = 256; // s_factors in attention_decode_merge.comp
constexpr uint32_t kDecodeKeys = 64;       // DECODE_KEYS in shaders/lib/attention_parts.glsl
constexpr uint32_t kPlainInvocations = 128;
constexpr uint32_t kMatrixSubgroups = 4; // SUBGROUPS, EDGE in attention_prefill_coopmat.comp
constexpr uint32_t kMatrixEdge = 16;

// Larger tiles read K and V fewer times; the first that fits is taken.
struct Tile {
    uint32_t rows, keys;
};
constexpr std::array kPlainTiles{Tile{32, 32}, Tile{32, 16}, Tile{16, 16},
                                 Tile{16, 8},  Tile{8, 8},   Tile{8, 4}};

uint32_t ceilDiv(uint32_t a, uint32_t b) { return (a + b - 1) / b; }

// Workgroups of 128 invocations that fill a device when decoding: two on each multiprocessor, measured on an H100 at 16,384
// keys; one, three or four are slower, as is what leaves some of them with fewer. Where their number is not known, more parts
// than a smaller device needs cost it little, since short sequences leave them unused.
uint32_t workgroupsToFill(const vulkan::DeviceCaps& caps) {
    if (caps.software) return 8;
    if (caps.computeUnits > 0) return 2 * caps.computeUnits;
    return caps.unified ? 128 : 256;
}

bool matrixPrefillRuns(const vulkan::DeviceCaps& caps, const LayerShape& shape) {
    if (!caps.cooperativeMatrix || !caps.float16 || shape.cache == CacheFormat::F32) return false;
    if (shape.head_dim != 64 && shape.head_dim != 128) return false;
    const uint32_t size = caps.subgroupSize;
    const bool known = caps.subgroupSizeControl || caps.minSubgroupSize == caps.maxSubgroupSize;
    const bool divides =
        size == 16 || size == 32 || size == 64; // rows of a subgroup must share its lanes evenly
    return known && divides && kMatrixSubgroups * size <= caps.maxInvocations &&
           prefillMatrixSharedBytes(shape.head_dim) <= caps.maxSharedBytes;
}

} // namespace

uint32_t decodeSharedBytes(uint32_t head_dim, uint32_t heads, CacheFormat cache) {
    const uint32_t groups = std::min(kPlainInvocations / (head_dim / 8), kDecodeKeys);
    return (heads + 2) * head_dim * 4 + kDecodeKeys * 8 * 4 + kPlainInvocations * 4 + 8 * 4 +
           groups / 2 * heads * head_dim * 4 + 16 +
           (cache == CacheFormat::Q8 ? 2 * head_dim / 8 * 16 : 0); // the newest key and value, rounded
}

uint32_t prefillSharedBytes(uint32_t head_dim, uint32_t rows, uint32_t keys) {
    return (rows + keys) * (head_dim / 4 + 1) * 16 + rows * (keys + 1) * 4 + kPlainInvocations * 4 + rows * 4;
}

uint32_t prefillMatrixSharedBytes(uint32_t head_dim) {
    constexpr uint32_t rows = kMatrixSubgroups * kMatrixEdge, keys = 2 * kMatrixEdge;
    return 2 * keys * (head_dim + 8) * 2 + rows * (keys + 4) * 4 + rows * (keys + 8) * 2 +
           rows * kMatrixEdge * 4;
}

std::string AttentionPlan::describe() const {
    return fmt::format("prefill {} {}x{}, decoding in up to {} parts of {} heads",
                       prefill == Prefill::CooperativeMatrix ? "cooperative matrix f16 (KHR)" : "plain f32",
                       rows, keys, decodeParts, decodeHeads);
}

Error tooLittleShared(const vulkan::DeviceCaps& caps, std::string_view of, uint32_t values, uint32_t needed) {
    return {ErrorCode::DeviceTooLimited,
            fmt::format("{} has {} bytes of shared memory for a workgroup; attention over {} of {} values "
                        "needs {}: choose another device or model.",
                        caps.name, caps.maxSharedBytes, of, values, needed)};
}

Result<AttentionPlan> planAttention(const vulkan::DeviceCaps& caps, const LayerShape& shape,
                                    uint32_t maxContext, const AttentionOverrides& overrides) {
    if (shape.head_dim == 0 || shape.head_dim % 8 != 0 || shape.head_dim > kMaxHeadDim)
        return {ErrorCode::UnsupportedArchitecture,
                fmt::format("Heads of {} values are not supported, only multiples of 8 up to {}: choose "
                            "another model.",
                            shape.head_dim, kMaxHeadDim)};
    if (shape.cache == CacheFormat::Q8 && shape.head_dim % inference::kCacheScaled != 0)
        return {ErrorCode::UnsupportedArchitecture,
                fmt::format("A cache of 8 bits takes heads of a multiple of {} values, and this model's have "
                            "{}: leave out --cache q8.",
                            inference::kCacheScaled, shape.head_dim)};
    if (shape.n_kv_heads == 0 || shape.n_heads == 0 || shape.n_heads % shape.n_kv_heads != 0)
        return {ErrorCode::UnsupportedArchitecture,
                fmt::format("{} query heads cannot share {} key heads evenly: choose another model.",
                            shape.n_heads, shape.n_kv_heads)};
    const uint32_t ratio = shape.n_heads / shape.n_kv_heads;

    AttentionPlan plan;
    plan.decodeHeadGroups = ceilDiv(ratio, kMaxDecodeHeads);
    plan.decodeHeads = ceilDiv(ratio, plan.decodeHeadGroups);
    const uint32_t useful = std::max(1u, ceilDiv(maxContext, kDecodeKeys)); // no part is shorter than a step
    const uint32_t filling = workgroupsToFill(caps) / (shape.n_kv_heads * plan.decodeHeadGroups);
    plan.decodeParts =
        std::clamp(overrides.decodeParts > 0 ? overrides.decodeParts : filling, 2u, kMostDecodeParts);
    plan.decodeParts = std::min(plan.decodeParts, useful);
    plan.mergeInvocations = std::min(256u, caps.maxInvocations / 32 * 32);
    if (const uint32_t needed = decodeSharedBytes(shape.head_dim, plan.decodeHeads, shape.cache);
        needed > caps.maxSharedBytes)
        return tooLittleShared(caps, "heads", shape.head_dim, needed);

    if (!overrides.noCooperativeMatrix && matrixPrefillRuns(caps, shape)) {
        plan.prefill = AttentionPlan::Prefill::CooperativeMatrix;
        plan.rows = kMatrixSubgroups * kMatrixEdge;
        plan.keys = 2 * kMatrixEdge;
        plan.subgroupSize = caps.subgroupSize;
        plan.invocations = kMatrixSubgroups * caps.subgroupSize;
        return plan;
    }
    for (const Tile& tile : kPlainTiles) {
        if (prefillSharedBytes(shape.head_dim, tile.rows, tile.keys) > caps.maxSharedBytes) continue;
        plan.rows = tile.rows;
        plan.keys = tile.keys;
        plan.invocations = kPlainInvocations;
        return plan;
    }
    return tooLittleShared(caps, "heads", shape.head_dim, prefillSharedBytes(shape.head_dim, 8, 4));
}

} // namespace ponder::kernels
