#version 460
// silu(gate x) * (up x) for one to eight tokens of rounded activations, rounded itself (lib/int8.glsl): what the two products,
// the activation and its rounding would do in three steps, bit by bit. gate and up are of one format and shape; rows are
// multiples of 16. A workgroup computes the 16 results of a block, GROUPS * ROWS of them at a time (which divides 16), as a
// block has a common scale. x may still want a norm's factor (lib/normed_x.glsl).
#extension GL_GOOGLE_include_directive : require
#include "shaders/lib/activation.glsl"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(push_constant, scalar) uniform Push { GatedMatVecPush push; };
#define ALL_ROWS (2 * ROWS)
#include "shaders/lib/matvec_int8.glsl"
#define INT8_BINDING 0
#include "shaders/lib/int8.glsl"
#include "shaders/lib/normed_x.glsl"

const uint BLOCK = 16;
shared float s_parts[BLOCK / ROWS * (SUBGROUPS / GROUPS) * ALL_ROWS * COLUMNS]; // [step][subgroup][matrix][row][token]
shared float s_results[COLUMNS * BLOCK]; // [token][row]

void main() {
    const uint invocation = invocationOfSubgroups();
    const uint workgroup = gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x;
    const uint group = invocation / LANES_PER_ROW;
    const uint firstRow = workgroup * BLOCK;
    if (firstRow >= push.rows) return; // of the whole workgroup
#ifdef QUANT_PREPARE
    quantPrepare(invocation, WORKGROUP);
#endif
    askForNorm();
    const uint sumsOfSubgroup = ALL_ROWS * COLUMNS;
    for (uint step = 0; step < BLOCK / (GROUPS * ROWS); ++step) {
        [[unroll]] for (uint r = 0; r < ROWS; ++r) {
            const uint64_t offset = uint64_t(firstRow + (step * GROUPS + group) * ROWS + r) * push.rowBytes;
            g_rows[r] = push.gate + offset;
            g_rows[ROWS + r] = push.up + offset;
        }
        addRows(invocation % LANES_PER_ROW);
        [[unroll]] for (uint i = 0; i < ALL_ROWS * COLUMNS; ++i) {
            const float part = subgroupAdd(g_sums[i]);
            if (subgroupElect()) s_parts[(step * gl_NumSubgroups + gl_SubgroupID) * sumsOfSubgroup + i] = part;
        }
    }
    addNorm();
    barrier();
    const uint subgroupsPerRow = LANES_PER_ROW / gl_SubgroupSize;
    for (uint i = invocation; i < BLOCK * COLUMNS; i += WORKGROUP) {
        const uint row = i % BLOCK, token = i / BLOCK;
        // Rows lie in the order of steps, then groups, then rows of an invocation.
        const uint first = row / ROWS * subgroupsPerRow * sumsOfSubgroup + row % ROWS * COLUMNS + token;
        float gate = 0.0, up = 0.0;
        for (uint s = 0; s < subgroupsPerRow; ++s) {
            gate += s_parts[first + s * sumsOfSubgroup];
            up += s_parts[first + s * sumsOfSubgroup + ROWS * COLUMNS];
        }
        if (NORMED) {
            const float factor = factorOf(token);
            gate *= factor;
            up *= factor;
        }
        s_results[i] = silu(gate) * up;
    }
    barrier();
    if (invocation >= COLUMNS * 4) return; // of whole blocks
    vec4 values;
    [[unroll]] for (uint k = 0; k < 4; ++k) values[k] = s_results[invocation * 4 + k];
    storeInt8(values, invocation >> 2, push.rows, workgroup * 4 + (invocation & 3u));
}
