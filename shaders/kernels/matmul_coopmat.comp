#version 460
// Y = W X for many tokens with KHR cooperative matrices, f16 x f16 -> f32 in 16 x 16 x 16 of a subgroup. A workgroup makes
// TILE_ROWS x TILE_TOKENS, each of its subgroups SUBGROUP_ROWS x SUBGROUP_TOKENS of it, in steps of 64 columns (two
// pieces a row: the step's columns are those of the pieces, wherever they lie in the row). Weights become f16 on their way
// into shared memory, whose rows are padded by 16 bytes against bank conflicts; the next step's bytes are read while this
// one's products are made. x comes from to_f16.comp: scaled by powers of two, filled up with zeros.
// Any rows, tokens; columns as the format demands. Weights beyond f16's 65,504 are not for this kernel (F32 matrices take the
// plain one). As many workgroups along x as there are row tiles, along y as token tiles, counted together; shares of the columns
// along z: each leaves its sums in a y of its own, n rows behind the one before, for matmul_join. The host sees to it that
// subgroups have the size it compiled for.
// EXPERTS: experts along y, tiles of the pairs that go to each along z; see lib/expert_pairs.glsl.
#extension GL_GOOGLE_include_directive : require
#extension GL_KHR_cooperative_matrix : require
#extension GL_KHR_memory_scope_semantics : require
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
#extension GL_KHR_shader_subgroup_basic : require
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(constant_id = PONDER_SPEC_WORKGROUP) const uint WORKGROUP = 256;
layout(constant_id = PONDER_SPEC_TILE_ROWS) const uint TILE_ROWS = 128;
layout(constant_id = PONDER_SPEC_TILE_TOKENS) const uint TILE_TOKENS = 128;
layout(constant_id = PONDER_SPEC_SUBGROUP_ROWS) const uint SUBGROUP_ROWS = 64;
layout(constant_id = PONDER_SPEC_SUBGROUP_TOKENS) const uint SUBGROUP_TOKENS = 32;
layout(constant_id = PONDER_SPEC_ROW_ALIGNED) const bool ROW_ALIGNED = false;

#ifdef EXPERTS
layout(push_constant, scalar) uniform Push { ExpertsPush push; };
layout(binding = 3, scalar) readonly buffer Routing { uint routing[]; };
#include "shaders/lib/expert_pairs.glsl"
#else
layout(push_constant, scalar) uniform Push { MatMulPush push; };
#endif
layout(binding = 0, scalar) readonly buffer X { uvec4 x8[]; }; // eight f16 each; xStride is in those
layout(binding = 1, scalar) readonly buffer Scales { float inverse[]; };
layout(binding = 2, scalar) buffer Y { float y[]; };

#define QUANT_ROW_ALIGNED ROW_ALIGNED
#define QUANT_CODEBOOK push.codebook
#define QUANT_FUSED
#define QUANT_WIDE
#include "shaders/quant/select.glsl"

layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer Bias { float values[]; };

const uint STEP_VECS = 8;              // 64 columns as eight times eight f16
const uint STRIDE = STEP_VECS + 1;     // of a row in shared memory
const uint MATS_ROWS = SUBGROUP_ROWS / 16, MATS_TOKENS = SUBGROUP_TOKENS / 16;
const uint WEIGHT_PIECES = TILE_ROWS * 2 / WORKGROUP; // of one invocation
const uint X_VECS = TILE_TOKENS * STEP_VECS / WORKGROUP;

shared uvec4 s_tiles[(TILE_ROWS + TILE_TOKENS) * STRIDE]; // weights [row][column], then x [token][column]

void storePiece(QuantRaw raw, uint piece, uint slot) { // slot: row * 2 + which piece of the step
    vec4 values[8];
    quantValues(raw, piece, values);
    const uint at = (slot >> 1) * STRIDE + (slot & 1u) * 4;
    [[unroll]] for (uint i = 0; i < 4; ++i)
        s_tiles[at + i] = uvec4(packHalf2x16(values[2 * i].xy), packHalf2x16(values[2 * i].zw),
                                packHalf2x16(values[2 * i + 1].xy), packHalf2x16(values[2 * i + 1].zw));
}

#define SUM_MATRIX coopmat<float, gl_ScopeSubgroup, 16, 16, gl_MatrixUseAccumulator>
#define IF_MATRIX(F, i, j) if (i < MATS_ROWS && j < MATS_TOKENS) { F(i, j) }
#define EACH_MATRIX(F)                                                                                                 \
    IF_MATRIX(F, 0, 0) IF_MATRIX(F, 1, 0) IF_MATRIX(F, 2, 0) IF_MATRIX(F, 3, 0)                                        \
    IF_MATRIX(F, 0, 1) IF_MATRIX(F, 1, 1) IF_MATRIX(F, 2, 1) IF_MATRIX(F, 3, 1)                                        \
    IF_MATRIX(F, 0, 2) IF_MATRIX(F, 1, 2) IF_MATRIX(F, 2, 2) IF_MATRIX(F, 3, 2)                                        \
    IF_MATRIX(F, 0, 3) IF_MATRIX(F, 1, 3) IF_MATRIX(F, 2, 3) IF_MATRIX(F, 3, 3)

// What the subgroup has stored at `own` goes to y, with all that is done on the way.
void writeMatrix(uint own, uint firstRow, uint firstToken, uint n) {
    subgroupBarrier();
    for (uint e = gl_SubgroupInvocationID; e < 256; e += gl_SubgroupSize) {
        const uint row = firstRow + e % 16;
        const uint token = firstToken + e / 16;
        if (row < push.rows && token < n) {
#ifdef EXPERTS
            const uint pair = pairAt(token);
            y[pair * push.yStride + row] = uintBitsToFloat(s_tiles[own + e / 4][e % 4]) * inverse[xRowOfPair(pair)];
#else
            float sum = uintBitsToFloat(s_tiles[own + e / 4][e % 4]) * inverse[token];
            if (push.bias != 0) sum += Bias(push.bias).values[push.firstRow + row];
            const uint at = (gl_WorkGroupID.z * n + token) * push.yStride + push.firstRow + row;
            if (push.accumulate != 0) sum += y[at];
            y[at] = sum;
#endif
        }
    }
    subgroupBarrier();
}

void main() {
    const uint t = gl_SubgroupID * gl_SubgroupSize + gl_SubgroupInvocationID;
#ifdef EXPERTS
    const uint tileRow = gl_WorkGroupID.x * TILE_ROWS;
    const uint tileToken = gl_WorkGroupID.z * TILE_TOKENS;
    const uint n = pairsOfExpert();
    if (tileToken >= n) return;
    const uint64_t weight = expertAddress();
#define X_ROW(token) xRowOfPair(pairAt(token))
#else
    // Those of the same rows run at the same time, so that weights are read from memory once.
    const uint tile = gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x;
    const uint tileRow = tile / gl_NumWorkGroups.y * TILE_ROWS;
    const uint tileToken = tile % gl_NumWorkGroups.y * TILE_TOKENS;
    const uint n = push.n;
    const uint64_t weight = push.weight;
#define X_ROW(token) (token)
#endif
    const uint subgroupRow = gl_SubgroupID % (TILE_ROWS / SUBGROUP_ROWS) * SUBGROUP_ROWS;
    const uint subgroupToken = gl_SubgroupID / (TILE_ROWS / SUBGROUP_ROWS) * SUBGROUP_TOKENS;
    const uint pieces = quantPieces(push.columns);

    // Matrices are named by literals only: an index that a compiler does not see through puts the sums into memory, which
    // made this kernel six times slower (NVIDIA 580, in spite of [[unroll]], whenever a loop inside cannot be unrolled). At most 4 x 4, the surplus is never touched.
    SUM_MATRIX sums[16];
#define CLEAR(i, j) sums[j * 4 + i] = SUM_MATRIX(0.0);
    EACH_MATRIX(CLEAR)

    QuantRaw raw[WEIGHT_PIECES];
    uvec4 xs[X_VECS];

    // An odd last piece has no second one: its neighbour is read again, and x is zero there.
#define LOAD_STEP(step)                                                                                                \
    [[unroll]] for (uint i = 0; i < WEIGHT_PIECES; ++i) {                                                              \
        const uint slot = i * WORKGROUP + t;                                                                           \
        const uint row = min(tileRow + (slot >> 1), push.rows - 1);                                                    \
        const uint piece = min((step) * 2 + (slot & 1u), pieces - 1);                                                  \
        raw[i] = quantLoad(weight + uint64_t(row) * push.rowBytes, piece, push.columns);                          \
    }                                                                                                                  \
    [[unroll]] for (uint i = 0; i < X_VECS; ++i) {                                                                     \
        const uint slot = i * WORKGROUP + t;                                                                           \
        const uint token = X_ROW(min(tileToken + slot / STEP_VECS, n - 1));                                            \
        const uint k = slot % STEP_VECS * 8;                                                                           \
        const uint piece = (step) * 2 + k / 32;                                                                        \
        const uint column = quantColumn(piece, k % 32 / QUANT_RUN) + k % QUANT_RUN;                                    \
        xs[i] = piece < pieces ? x8[token * push.xStride + column / 8] : uvec4(0);                                     \
    }

#ifdef EXPERTS
    const uint firstStep = 0, steps = (pieces + 1) / 2;
#else
    const uint allSteps = (pieces + 1) / 2;
    const uint firstStep = allSteps * gl_WorkGroupID.z / gl_NumWorkGroups.z;
    const uint steps = allSteps * (gl_WorkGroupID.z + 1) / gl_NumWorkGroups.z;
#endif
    LOAD_STEP(firstStep)
    for (uint step = firstStep; step < steps; ++step) {
        barrier(); // the previous products have read their tiles
        [[unroll]] for (uint i = 0; i < WEIGHT_PIECES; ++i) {
            const uint slot = i * WORKGROUP + t;
            storePiece(raw[i], min(step * 2 + (slot & 1u), pieces - 1), slot);
        }
        [[unroll]] for (uint i = 0; i < X_VECS; ++i) {
            const uint slot = i * WORKGROUP + t;
            s_tiles[(TILE_ROWS + slot / STEP_VECS) * STRIDE + slot % STEP_VECS] = xs[i];
        }
        barrier();
        if (step + 1 < steps) {
            LOAD_STEP(step + 1)
        }
        [[unroll]] for (uint k = 0; k < 4; ++k) {
            coopmat<float16_t, gl_ScopeSubgroup, 16, 16, gl_MatrixUseA> a[4];
            coopmat<float16_t, gl_ScopeSubgroup, 16, 16, gl_MatrixUseB> b[4];
#define LOAD_A(i)                                                                                                      \
    if (i < MATS_ROWS)                                                                                                 \
        coopMatLoad(a[i], s_tiles, (subgroupRow + i * 16) * STRIDE + k * 2, STRIDE, gl_CooperativeMatrixLayoutRowMajor);
#define LOAD_B(j)                                                                                                      \
    if (j < MATS_TOKENS)                                                                                               \
        coopMatLoad(b[j], s_tiles, (TILE_ROWS + subgroupToken + j * 16) * STRIDE + k * 2, STRIDE,                      \
                    gl_CooperativeMatrixLayoutColumnMajor);
#define MULTIPLY(i, j) sums[j * 4 + i] = coopMatMulAdd(a[i], b[j], sums[j * 4 + i]);
            LOAD_A(0) LOAD_A(1) LOAD_A(2) LOAD_A(3)
            LOAD_B(0) LOAD_B(1) LOAD_B(2) LOAD_B(3)
            EACH_MATRIX(MULTIPLY)
        }
    }

    // Results leave through shared memory, 16 x 16 at a time and subgroup: only there an element's place is known.
    barrier();
    const uint own = gl_SubgroupID * 64; // 16 tokens of 16 floats
#define WRITE(i, j)                                                                                                    \
    coopMatStore(sums[j * 4 + i], s_tiles, own, 4, gl_CooperativeMatrixLayoutColumnMajor);                             \
    writeMatrix(own, tileRow + subgroupRow + i * 16, tileToken + subgroupToken + j * 16, n);
    EACH_MATRIX(WRITE)
}
