#include "inference/kernels/latent_attention_plan.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "inference/kernels/attention_plan.h"

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

uint32_t ceilDiv(uint32_t a, uint32_t b) { return (a + b - 1) / b; }

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

} // namespace ponder::kernels
