#version 460
// y = silu(gate) * up. Any number of values below 2^32 - 2^20; y may be gate. Four values an invocation; the
// grid is folded into x and y because x may be limited to 65,535 workgroups. INT8: the result rounded as well (int8.glsl), rows
// being multiples of 16 values and buffers aligned by 16 bytes.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#include "shaders/lib/activation.glsl"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"
#define INT8_BINDING 3
#ifdef INT8
#include "shaders/lib/int8.glsl"
#endif

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(binding = 0, scalar) readonly buffer Gate { float gate[]; };
layout(binding = 0, scalar) readonly buffer Gate4 { vec4 gate4[]; };
layout(binding = 1, scalar) readonly buffer Up { float up[]; };
layout(binding = 1, scalar) readonly buffer Up4 { vec4 up4[]; };
layout(binding = 2, scalar) writeonly buffer Result { float y[]; };
layout(binding = 2, scalar) writeonly buffer Result4 { vec4 y4[]; };
layout(push_constant, scalar) uniform Push { GatedActPush push; };

void main() {
    const uint group = gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x;
#ifdef INT8
    const uint four = group * gl_WorkGroupSize.x + int8Invocation();
    if (four * 4 >= push.values) return; // of whole blocks
    vec4 values = gate4[four];
    [[unroll]] for (uint k = 0; k < 4; ++k) values[k] = silu(values[k]);
    values *= up4[four];
    y4[four] = values;
    const uint foursOfRow = push.columns >> 2;
    storeInt8(values, four / foursOfRow, push.columns, four % foursOfRow);
#else
    const uint first = group * gl_WorkGroupSize.x * 4 + gl_LocalInvocationIndex;
    [[unroll]] for (uint j = 0; j < 4; ++j) {
        const uint i = first + j * gl_WorkGroupSize.x;
        if (i < push.values) y[i] = silu(gate[i]) * up[i];
    }
#endif
}
