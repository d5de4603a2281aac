#version 460
// y = W x for one to eight tokens of rounded activations (lib/int8.glsl), with integer dot products: arithmetic then
// keeps up with memory. Arranged as matvec.comp. Any number of rows. Groups are counted over x and y, as there may be more
// than 65,535. x may still want a norm's factor
// (lib/normed_x.glsl), which the sums are multiplied by.
#extension GL_GOOGLE_include_directive : require
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(push_constant, scalar) uniform Push { Int8MatVecPush push; };
layout(binding = 0, scalar) buffer Y { float y[]; };
#define ALL_ROWS ROWS
#include "shaders/lib/matvec_int8.glsl"
#include "shaders/lib/normed_x.glsl"

layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer Bias { float values[]; };

const uint RESULTS = GROUPS * ROWS * COLUMNS;
shared float s_parts[SUBGROUPS * ROWS * COLUMNS];

// Where result i of the workgroup goes: which row and token.
uvec2 placeOf(uint i, uint workgroup) {
    return uvec2((workgroup * GROUPS + i / (ROWS * COLUMNS)) * ROWS + i / COLUMNS % ROWS, i % COLUMNS);
}

// What a result is added to.
float before(uvec2 place) {
    if (place.x >= push.rows) return 0.0;
    float sum = push.bias != 0 ? Bias(push.bias).values[push.firstRow + place.x] : 0.0;
    if (push.accumulate != 0) sum += y[place.y * push.yStride + push.firstRow + place.x];
    return sum;
}

void main() {
    const uint invocation = invocationOfSubgroups();
    const uint workgroup = gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x;
    const uint firstRow = (workgroup * GROUPS + invocation / LANES_PER_ROW) * ROWS;
#ifdef QUANT_PREPARE
    quantPrepare(invocation, WORKGROUP);
#endif
    // Asked for now, it is there when the sum is.
    float first = 0.0;
    if (RESULTS <= WORKGROUP && invocation < RESULTS) first = before(placeOf(invocation, workgroup));

    askForNorm();

    [[unroll]] for (uint r = 0; r < ROWS; ++r)
        g_rows[r] = push.weight + uint64_t(min(firstRow + r, push.rows - 1)) * push.rowBytes;
    addRows(invocation % LANES_PER_ROW);

    [[unroll]] for (uint i = 0; i < ROWS * COLUMNS; ++i) {
        const float part = subgroupAdd(g_sums[i]);
        if (subgroupElect()) s_parts[gl_SubgroupID * ROWS * COLUMNS + i] = part;
    }
    addNorm();
    barrier();
    const uint subgroupsPerRow = LANES_PER_ROW / gl_SubgroupSize;
    for (uint i = invocation; i < RESULTS; i += WORKGROUP) {
        const uvec2 place = placeOf(i, workgroup);
        if (place.x >= push.rows) continue;
        float sum = NORMED ? 0.0 : RESULTS <= WORKGROUP ? first : before(place);
        for (uint s = 0; s < subgroupsPerRow; ++s)
            sum += s_parts[(i / (ROWS * COLUMNS) * subgroupsPerRow + s) * ROWS * COLUMNS + i % (ROWS * COLUMNS)];
        if (NORMED) sum = fma(sum, factorOf(place.y), RESULTS <= WORKGROUP ? first : before(place));
        y[place.y * push.yStride + push.firstRow + place.x] = sum;
    }
}
