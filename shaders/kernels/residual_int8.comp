#version 460
// y += W x for a token of rounded activations (lib/int8.glsl), and of what comes of it, a residual, what the norm behind would
// leave: y * its weight rounded, but for the norm's factor, which whoever multiplies that makes of the squares' sums left beside
// it (lib/norm_factor.glsl). y is bit by bit that of matvec_int8.comp. Rows are multiples of 16; a workgroup computes the 16
// results of a block, GROUPS * ROWS of them at a time (which divides 16).
#extension GL_GOOGLE_include_directive : require
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(push_constant, scalar) uniform Push { ResidualMatVecPush push; };
layout(binding = 0, scalar) buffer Y { float y[]; };
layout(binding = 1, scalar) writeonly buffer SquaresOut { float squares[]; };
#define ALL_ROWS ROWS
#include "shaders/lib/matvec_int8.glsl"
#define INT8_BINDING 2
#include "shaders/lib/int8.glsl"

#include "shaders/lib/norm_factor.glsl"

layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer Floats { float values[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) readonly buffer Floats4 { vec4 values[]; };

const uint BLOCK = 16;
shared float s_parts[BLOCK / ROWS * (SUBGROUPS / GROUPS) * ROWS]; // [step][subgroup][row]
shared float s_results[BLOCK];

void main() {
    const uint invocation = invocationOfSubgroups();
    const uint workgroup = gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x;
    const uint group = invocation / LANES_PER_ROW;
    const uint firstRow = workgroup * BLOCK;
    if (firstRow >= push.rows) return; // of the whole workgroup
#ifdef QUANT_PREPARE
    quantPrepare(invocation, WORKGROUP);
#endif
    // Asked for now, they are there when the sums are.
    float first = 0.0;
    if (invocation < BLOCK) {
        if (push.bias != 0) first = Floats(push.bias).values[firstRow + invocation];
        first += y[firstRow + invocation];
    }
    vec4 weights = vec4(0);
    if (invocation < 4) weights = Floats4(push.normWeight).values[workgroup * 4 + invocation];

    for (uint step = 0; step < BLOCK / (GROUPS * ROWS); ++step) {
        [[unroll]] for (uint r = 0; r < ROWS; ++r)
            g_rows[r] = push.weight + uint64_t(firstRow + (step * GROUPS + group) * ROWS + r) * push.rowBytes;
        addRows(invocation % LANES_PER_ROW);
        [[unroll]] for (uint r = 0; r < ROWS; ++r) {
            const float part = subgroupAdd(g_sums[r]);
            if (subgroupElect()) s_parts[(step * gl_NumSubgroups + gl_SubgroupID) * ROWS + r] = part;
        }
    }
    barrier();
    const uint subgroupsPerRow = LANES_PER_ROW / gl_SubgroupSize;
    if (invocation < BLOCK) {
        float sum = first;
        for (uint s = 0; s < subgroupsPerRow; ++s)
            sum += s_parts[(invocation / ROWS * subgroupsPerRow + s) * ROWS + invocation % ROWS];
        y[firstRow + invocation] = sum;
        s_results[invocation] = sum;
    }
    barrier();
    if (invocation >= 4) return;
    vec4 values;
    [[unroll]] for (uint k = 0; k < 4; ++k) values[k] = s_results[invocation * 4 + k];
    const float sum = squaresOfBlock(values);
    if (invocation == 0) squares[workgroup] = sum;
    storeInt8(values * weights, 0, push.rows, workgroup * 4 + invocation);
}
