#version 460
// Latent attention, expanded: keys or values of every head from the latents of a piece of the cache, with KHR cooperative
// matrices (EDGE x EDGE x EDGE, f16 products, float32 sums). A workgroup of SUBGROUPS subgroups makes TILE keys of one head's
// WIDTH values, in steps of STEP values of the latent; the next step is fetched into registers while this one is
// computed. Tiles of keys along x, heads along y, keys and values along z. Results are f16, [keys, values][head][piece][WIDTH],
// cut off at f16's greatest. Tiles beyond the sequence end at once, so that one recording serves every length.
// kv_lora_rank: a multiple of STEP. The workgroup is SUBGROUPS * kSubgroup invocations, kSubgroup a power of two up to 128 and
// as in attention_expanded_coopmat.comp.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
#extension GL_KHR_cooperative_matrix : require
#extension GL_KHR_memory_scope_semantics : require
#extension GL_KHR_shader_subgroup_basic : require
#include "shaders/lib/kv_cache.glsl"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

#ifndef EDGE
#define EDGE 16
#endif
#define SUBGROUPS 8
#define TILE 128
#define WIDTH 128
#define STEP 64
#define CHUNKS (STEP / 8)
layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(constant_id = PONDER_SPEC_SUBGROUP) const uint kSubgroup = 32;
layout(binding = 0, scalar) readonly buffer Heads { uvec4 heads[]; };          // f16 [keys, values][head][WIDTH][latent]
layout(binding = 1, scalar) writeonly buffer Expanded { f16vec4 expanded[]; }; // f16 [keys, values][head][piece][WIDTH]
layout(binding = 2, scalar) readonly buffer Params { StepParams params; };
layout(binding = 3, scalar) readonly buffer Table { uint64_t blocks[]; };
layout(push_constant, scalar) uniform Push { ExpandPush push; };

const uint kThreads = SUBGROUPS * kSubgroup;
const uint kFetches = TILE * CHUNKS / kThreads; // chunks of latents, and of a head's matrix, that an invocation fetches a step
const float kGreatest = 65504.0;

// A subgroup makes OWN_KEYS x OWN_VALUES.
#define OWN_KEYS 64
#define OWN_VALUES 32
#define MATS_KEYS (OWN_KEYS / EDGE)
#define MATS_VALUES (OWN_VALUES / EDGE)
#define STRIDE (STEP / 4 + 2) // in units of four values; padded by 8 halves against bank conflicts
shared f16vec4 s_latents[TILE * STRIDE];
shared f16vec4 s_heads[WIDTH * STRIDE];
shared vec4 s_out[SUBGROUPS * EDGE * EDGE / 4];

#define KEY_MATRIX coopmat<float16_t, gl_ScopeSubgroup, EDGE, EDGE, gl_MatrixUseA>
#define HEAD_MATRIX coopmat<float16_t, gl_ScopeSubgroup, EDGE, EDGE, gl_MatrixUseB>
#define SUM_MATRIX coopmat<float, gl_ScopeSubgroup, EDGE, EDGE, gl_MatrixUseAccumulator>

f16vec4 halves(uint a, uint b) { return f16vec4(unpackFloat2x16(a), unpackFloat2x16(b)); }

void main() {
    const uint lane = gl_SubgroupInvocationID;
    const uint thread = gl_SubgroupID * kSubgroup + lane;
    const uint inPiece = gl_WorkGroupID.x * TILE, firstKey = push.firstKey + inPiece;
    if (firstKey >= params.kv_length) return;
    const uint headOf = gl_WorkGroupID.z * push.n_heads + gl_WorkGroupID.y; // of all keys' heads, then all values'
    const uint keyChunks = push.keyDim / 8, latentChunks = push.kv_lora_rank / 8;
    const uint firstHead = headOf * WIDTH * latentChunks;
    // A tile lies within one block. Beyond the sequence may be NaN: its last key again.
    KvChunks keys = KvChunks(latentLayerAddress(blocks[firstKey / PONDER_KV_BLOCK], push.layer, push.keyDim));
    const uint lastKey = min(firstKey + TILE, params.kv_length) - 1;

    SUM_MATRIX sums[MATS_KEYS * MATS_VALUES];
    [[unroll]] for (uint m = 0; m < MATS_KEYS * MATS_VALUES; ++m) sums[m] = SUM_MATRIX(0.0);
    const uint ownKeys = gl_SubgroupID % 2 * OWN_KEYS, ownValues = gl_SubgroupID / 2 * OWN_VALUES;

    uvec4 fetchedKeys[kFetches], fetchedHeads[kFetches];
    for (uint chunk = 0, step = 0; chunk < latentChunks + CHUNKS; chunk += CHUNKS, ++step) {
        // Step n stores what step n - 1 fetched, fetches its own and computes what was stored.
        if (step > 0) {
            barrier(); // the previous products have read their tiles
            [[unroll]] for (uint j = 0; j < kFetches; ++j) {
                const uint i = thread + j * kThreads;
                const uint at = i / CHUNKS * STRIDE + i % CHUNKS * 2;
                s_latents[at] = halves(fetchedKeys[j].x, fetchedKeys[j].y);
                s_latents[at + 1] = halves(fetchedKeys[j].z, fetchedKeys[j].w);
                s_heads[at] = halves(fetchedHeads[j].x, fetchedHeads[j].y);
                s_heads[at + 1] = halves(fetchedHeads[j].z, fetchedHeads[j].w);
            }
            barrier();
        }
        if (chunk < latentChunks) {
            [[unroll]] for (uint j = 0; j < kFetches; ++j) {
                const uint i = thread + j * kThreads;
                const uint key = min(firstKey + i / CHUNKS, lastKey) % PONDER_KV_BLOCK;
                fetchedKeys[j] = keys.chunks[key * keyChunks + chunk + i % CHUNKS];
                fetchedHeads[j] = heads[firstHead + i / CHUNKS * latentChunks + chunk + i % CHUNKS];
            }
        }
        if (step == 0) continue;
        [[unroll]] for (uint k = 0; k < STEP / EDGE; ++k) {
            KEY_MATRIX a[MATS_KEYS];
            HEAD_MATRIX b[MATS_VALUES];
            [[unroll]] for (uint m = 0; m < MATS_KEYS; ++m)
                coopMatLoad(a[m], s_latents, (ownKeys + m * EDGE) * STRIDE + k * EDGE / 4, STRIDE,
                            gl_CooperativeMatrixLayoutRowMajor);
            [[unroll]] for (uint m = 0; m < MATS_VALUES; ++m)
                coopMatLoad(b[m], s_heads, (ownValues + m * EDGE) * STRIDE + k * EDGE / 4, STRIDE,
                            gl_CooperativeMatrixLayoutColumnMajor);
            [[unroll]] for (uint m = 0; m < MATS_KEYS * MATS_VALUES; ++m)
                sums[m] = coopMatMulAdd(a[m / MATS_VALUES], b[m % MATS_VALUES], sums[m]);
        }
    }

    // Out through shared memory: only there an element's place is known.
    const uint own = gl_SubgroupID * EDGE * EDGE / 4;
    [[unroll]] for (uint m = 0; m < MATS_KEYS * MATS_VALUES; ++m) {
        coopMatStore(sums[m], s_out, own, EDGE / 4, gl_CooperativeMatrixLayoutRowMajor);
        subgroupBarrier();
        for (uint e = lane; e < EDGE * EDGE / 4; e += kSubgroup) {
            const uint key = inPiece + ownKeys + m / MATS_VALUES * EDGE + e / (EDGE / 4);
            const uint at = (ownValues + m % MATS_VALUES * EDGE) / 4 + e % (EDGE / 4);
            expanded[(headOf * push.pieceKeys + key) * (WIDTH / 4) + at] =
                f16vec4(clamp(s_out[own + e], -kGreatest, kGreatest));
        }
        subgroupBarrier();
    }
}
