#version 460
// y = silu(gate) * up. Any number of values below 2^32 - 2^20; y may be gate. Four values an invocation; the
// grid is folded into x and y because x may be limited to 65,535 workgroups.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#include "shaders/lib/activation.glsl"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(binding = 0, scalar) readonly buffer Gate { float gate[]; };
layout(binding = 1, scalar) readonly buffer Up { float up[]; };
layout(binding = 2, scalar) writeonly buffer Result { float y[]; };
layout(push_constant, scalar) uniform Push { GatedActPush push; };

void main() {
    const uint group = gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x;
    const uint first = group * gl_WorkGroupSize.x * 4 + gl_LocalInvocationIndex;
    [[unroll]] for (uint j = 0; j < 4; ++j) {
        const uint i = first + j * gl_WorkGroupSize.x;
        if (i < push.values) y[i] = silu(gate[i]) * up[i];
    }
}
