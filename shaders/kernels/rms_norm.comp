#version 460
// y = x / sqrt(mean(x^2) + eps) * weight, one workgroup a row of any width. x and y may be the same buffer, at the same
// stride. Rows may lie further apart than they are wide. INT8: the result rounded as well (int8.glsl); columns are multiples of 16.
// HALF: the result as f16 only (half_rows.glsl).
// An invocation keeps its first values and weights in registers, all asked for at once, so that a row of usual width is one
// wait for memory. It adds the squares of every gl_WorkGroupSize.x-th four values, then the partial sums are added as a
// tree: the rounding error grows with columns / workgroup size + log2(workgroup size), not with columns.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_control_flow_attributes : require
#include "shaders/lib/reduce.glsl"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"
#define INT8_BINDING 2
#ifdef INT8
#include "shaders/lib/int8.glsl"
#endif

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(constant_id = PONDER_SPEC_X_ALIGNED) const bool X_ALIGNED = false; // x, y and weight by 16 bytes, columns by four
layout(binding = 0, scalar) readonly buffer Rows { float x[]; };
layout(binding = 0, scalar) readonly buffer Rows4 { vec4 x4[]; };
#ifdef HALF
#define HALF_BINDING 1
#include "shaders/lib/half_rows.glsl"
#else
layout(binding = 1, scalar) writeonly buffer Result { float y[]; };
layout(binding = 1, scalar) writeonly buffer Result4 { vec4 y4[]; };
#endif
layout(push_constant, scalar) uniform Push { RmsNormPush push; };
layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer Weights { float values[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) readonly buffer Weights4 { vec4 values[]; };

const uint KEPT = 2; // fours: with 1,024 invocations 8,192 values

vec4 loadX(uint four) {
    const uint at = gl_WorkGroupID.x * push.xStride + four * 4;
    if (X_ALIGNED) return x4[at >> 2];
    vec4 values = vec4(0);
    [[unroll]] for (uint k = 0; k < 4; ++k)
        if (four * 4 + k < push.columns) values[k] = x[at + k];
    return values;
}

vec4 loadWeight(uint four) {
    if (X_ALIGNED) return Weights4(push.weight).values[four];
    vec4 values = vec4(0);
    [[unroll]] for (uint k = 0; k < 4; ++k)
        if (four * 4 + k < push.columns) values[k] = Weights(push.weight).values[four * 4 + k];
    return values;
}

#ifndef HALF
void store(uint four, vec4 values) {
    const uint at = gl_WorkGroupID.x * push.yStride + four * 4;
    if (X_ALIGNED) {
        y4[at >> 2] = values;
    } else {
        [[unroll]] for (uint k = 0; k < 4; ++k)
            if (four * 4 + k < push.columns) y[at + k] = values[k];
    }
#ifdef INT8
    storeInt8(values, gl_WorkGroupID.x, push.columns, four);
#endif
}
#endif

void main() {
#ifdef INT8
    const uint first = int8Invocation();
#else
    const uint first = gl_LocalInvocationIndex;
#endif
    const uint fours = (push.columns + 3) / 4;
    vec4 kept[KEPT], weights[KEPT];
    vec4 squares = vec4(0);
    [[unroll]] for (uint j = 0; j < KEPT; ++j) {
        const uint four = first + j * gl_WorkGroupSize.x;
        kept[j] = vec4(0);
        if (four < fours) {
            kept[j] = loadX(four);
            weights[j] = loadWeight(four);
        }
    }
    [[unroll]] for (uint j = 0; j < KEPT; ++j) squares += kept[j] * kept[j];
    for (uint four = first + KEPT * gl_WorkGroupSize.x; four < fours; four += gl_WorkGroupSize.x) {
        const vec4 values = loadX(four);
        squares += values * values;
    }
    const float sum = workgroupAdd((squares.x + squares.y) + (squares.z + squares.w));
    const float scale = 1.0 / sqrt(sum / float(push.columns) + push.eps);
#ifdef HALF
    float most = 0.0;
    [[unroll]] for (uint j = 0; j < KEPT; ++j) {
        if (first + j * gl_WorkGroupSize.x < fours) kept[j] = kept[j] * scale * weights[j];
        most = max(most, mostOf(kept[j]));
    }
    for (uint four = first + KEPT * gl_WorkGroupSize.x; four < fours; four += gl_WorkGroupSize.x)
        most = max(most, mostOf(loadX(four) * scale * loadWeight(four)));
    const float toHalf = scaleHalfRow(gl_WorkGroupID.x, most);
    [[unroll]] for (uint j = 0; j < KEPT; ++j) {
        const uint four = first + j * gl_WorkGroupSize.x;
        if (four < foursOfHalfRow(push.columns)) storeHalves(gl_WorkGroupID.x, push.columns, four, kept[j] * toHalf);
    }
    for (uint four = first + KEPT * gl_WorkGroupSize.x; four < foursOfHalfRow(push.columns); four += gl_WorkGroupSize.x)
        storeHalves(gl_WorkGroupID.x, push.columns, four,
                    four < fours ? loadX(four) * scale * loadWeight(four) * toHalf : vec4(0));
#else
    [[unroll]] for (uint j = 0; j < KEPT; ++j) {
        const uint four = first + j * gl_WorkGroupSize.x;
        if (four < fours) store(four, kept[j] * scale * weights[j]);
    }
    for (uint four = first + KEPT * gl_WorkGroupSize.x; four < fours; four += gl_WorkGroupSize.x)
        store(four, loadX(four) * scale * loadWeight(four));
#endif
}
