#version 460
// Activations as f16 (lib/half_rows.glsl), of any columns. One workgroup a row, counted over x and y.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(constant_id = PONDER_SPEC_X_ALIGNED) const bool X_ALIGNED = false; // by 16 bytes, rows and columns by four
layout(push_constant, scalar) uniform Push { ToF16Push push; };
layout(binding = 0, scalar) readonly buffer X { float x[]; };
layout(binding = 0, scalar) readonly buffer X4 { vec4 x4[]; };
#define HALF_BINDING 1
#include "shaders/lib/half_rows.glsl"

vec4 loadX(uint row, uint four) {
    const uint at = row * push.xStride + four * 4;
    if (X_ALIGNED) return four * 4 < push.columns ? x4[at >> 2] : vec4(0);
    vec4 values = vec4(0);
    [[unroll]] for (uint k = 0; k < 4; ++k)
        if (four * 4 + k < push.columns) values[k] = x[at + k];
    return values;
}

void main() {
    const uint row = gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x;
    if (row >= push.rows) return;
    const uint fours = foursOfHalfRow(push.columns);
    float most = 0.0;
    for (uint four = gl_LocalInvocationIndex; four < fours; four += gl_WorkGroupSize.x)
        most = max(most, mostOf(loadX(row, four)));
    const float scale = scaleHalfRow(row, most);
    for (uint four = gl_LocalInvocationIndex; four < fours; four += gl_WorkGroupSize.x)
        storeHalves(row, push.columns, four, loadX(row, four) * scale);
}
