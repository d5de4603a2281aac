#version 460
// Y = W X for many tokens in float32, for every device: 64 rows by 32 tokens a workgroup of 64, in steps of 32 columns (one
// piece a row, so the step's columns are those of the piece, wherever they lie in the row). Each invocation makes 8 rows by
// 4 tokens from shared memory (12 KiB), which is laid out column after column so that neither filling nor reading it
// meets bank conflicts. Any rows, tokens; columns as the format demands. Row tiles along x, token tiles along y.
// EXPERTS: experts along y, tiles of the pairs that go to each along z; see lib/expert_pairs.glsl.
#extension GL_GOOGLE_include_directive : require
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(local_size_x = 64) in;
layout(constant_id = PONDER_SPEC_ROW_ALIGNED) const bool ROW_ALIGNED = false;

layout(binding = 0, scalar) readonly buffer X { float x[]; };
layout(binding = 1, scalar) buffer Y { float y[]; };
#ifdef EXPERTS
layout(push_constant, scalar) uniform Push { ExpertsPush push; };
layout(binding = 2, scalar) readonly buffer Routing { uint routing[]; };
#include "shaders/lib/expert_pairs.glsl"
#else
layout(push_constant, scalar) uniform Push { MatMulPush push; };
#endif

#define QUANT_ROW_ALIGNED ROW_ALIGNED
#define QUANT_CODEBOOK push.codebook
#include "shaders/quant/select.glsl"

layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer Bias { float values[]; };

const uint TILE_ROWS = 64, TILE_TOKENS = 32, STEP = 32;
shared vec4 s_weights[STEP][TILE_ROWS / 4];
shared vec4 s_x[STEP][TILE_TOKENS / 4];

void main() {
    const uint t = gl_LocalInvocationIndex;
    const uint tileRow = gl_WorkGroupID.x * TILE_ROWS;
#ifdef EXPERTS
    const uint tileToken = gl_WorkGroupID.z * TILE_TOKENS;
    const uint n = pairsOfExpert();
    if (tileToken >= n) return;
    const uint64_t weight = expertAddress();
#else
    const uint tileToken = gl_WorkGroupID.y * TILE_TOKENS;
    const uint n = push.n;
    const uint64_t weight = push.weight;
#endif
    const uint64_t weightRow = weight + uint64_t(min(tileRow + t, push.rows - 1)) * push.rowBytes;
    uint xToken = min(tileToken + t % TILE_TOKENS, n - 1); // past the last: computed, never written
#ifdef EXPERTS
    xToken = xRowOfPair(pairAt(xToken));
#endif
    const uint xHalf = t / TILE_TOKENS;                               // 16 of the step's 32 columns
    const uint rowVec = (t % 8) * 2, tokenVec = t / 8;

    vec4 sums[4][2]; // [token][rows]
    [[unroll]] for (uint i = 0; i < 4; ++i) sums[i][0] = sums[i][1] = vec4(0);

    const uint pieces = quantPieces(push.columns);
    for (uint piece = 0; piece < pieces; ++piece) {
        vec4 values[8];
        quantValues(quantLoad(weightRow, piece, push.columns), piece, values);
        [[unroll]] for (uint k = 0; k < STEP; ++k) s_weights[k][t / 4][t % 4] = values[k / 4][k % 4];
        for (uint i = 0; i < 16; ++i) {
            const uint k = xHalf * 16 + i;
            const uint column = quantColumn(piece, k / QUANT_RUN) + k % QUANT_RUN;
            const float value = column < push.columns ? x[xToken * push.xStride + column] : 0.0;
            s_x[k][(t % TILE_TOKENS) / 4][t % 4] = value;
        }
        barrier();
        for (uint k = 0; k < STEP; ++k) {
            const vec4 a0 = s_weights[k][rowVec], a1 = s_weights[k][rowVec + 1];
            const vec4 b = s_x[k][tokenVec];
            [[unroll]] for (uint i = 0; i < 4; ++i) {
                sums[i][0] += a0 * b[i];
                sums[i][1] += a1 * b[i];
            }
        }
        barrier();
    }

    [[unroll]] for (uint i = 0; i < 4; ++i) {
        const uint token = tileToken + tokenVec * 4 + i;
        if (token >= n) break;
#ifdef EXPERTS
        const uint yRow = pairAt(token) * push.yStride;
#endif
        [[unroll]] for (uint k = 0; k < 8; ++k) {
            const uint row = tileRow + rowVec * 4 + k;
            if (row >= push.rows) break;
            float sum = sums[i][k / 4][k % 4];
#ifdef EXPERTS
            y[yRow + row] = sum;
#else
            if (push.bias != 0) sum += Bias(push.bias).values[push.firstRow + row];
            const uint at = token * push.yStride + push.firstRow + row;
            y[at] = push.accumulate != 0 ? y[at] + sum : sum;
#endif
        }
    }
}
