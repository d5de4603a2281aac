#version 460
// silu(gate) * up as f16 (lib/half_rows.glsl), of any columns: what gated_act and to_f16 would do in two steps, bit by bit. One
// workgroup a row. An invocation keeps its first values in registers, so that rows of usual width are read once.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#include "shaders/lib/activation.glsl"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(constant_id = PONDER_SPEC_X_ALIGNED) const bool X_ALIGNED = false; // by 16 bytes, columns by four
layout(push_constant, scalar) uniform Push { GatedActPush push; };
layout(binding = 0, scalar) readonly buffer Gate { float gate[]; };
layout(binding = 0, scalar) readonly buffer Gate4 { vec4 gate4[]; };
layout(binding = 1, scalar) readonly buffer Up { float up[]; };
layout(binding = 1, scalar) readonly buffer Up4 { vec4 up4[]; };
#define HALF_BINDING 2
#include "shaders/lib/half_rows.glsl"

const uint KEPT = 7; // fours: with 1,024 invocations 28,672 values

vec4 activated(uint row, uint four) {
    const uint at = row * push.columns + four * 4;
    vec4 values = vec4(0), factors = vec4(0);
    if (X_ALIGNED) {
        if (four * 4 < push.columns) {
            values = gate4[at >> 2];
            factors = up4[at >> 2];
        }
    } else {
        [[unroll]] for (uint k = 0; k < 4; ++k) {
            if (four * 4 + k >= push.columns) continue;
            values[k] = gate[at + k];
            factors[k] = up[at + k];
        }
    }
    [[unroll]] for (uint k = 0; k < 4; ++k) values[k] = silu(values[k]);
    return values * factors;
}

void main() {
    const uint row = gl_WorkGroupID.x, first = gl_LocalInvocationIndex;
    const uint fours = foursOfHalfRow(push.columns);
    vec4 kept[KEPT];
    float most = 0.0;
    [[unroll]] for (uint j = 0; j < KEPT; ++j) {
        const uint four = first + j * gl_WorkGroupSize.x;
        kept[j] = four < fours ? activated(row, four) : vec4(0);
        most = max(most, mostOf(kept[j]));
    }
    for (uint four = first + KEPT * gl_WorkGroupSize.x; four < fours; four += gl_WorkGroupSize.x)
        most = max(most, mostOf(activated(row, four)));
    const float scale = scaleHalfRow(row, most);
    [[unroll]] for (uint j = 0; j < KEPT; ++j) {
        const uint four = first + j * gl_WorkGroupSize.x;
        if (four < fours) storeHalves(row, push.columns, four, kept[j] * scale);
    }
    for (uint four = first + KEPT * gl_WorkGroupSize.x; four < fours; four += gl_WorkGroupSize.x)
        storeHalves(row, push.columns, four, activated(row, four) * scale);
}
