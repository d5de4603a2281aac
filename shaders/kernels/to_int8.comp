#version 460
// Rows of activations rounded for products of int8. Columns are multiples of 16; tokens along y, four values an
// invocation.
#extension GL_GOOGLE_include_directive : require
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"
#define INT8_BINDING 1
#include "shaders/lib/int8.glsl"

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(constant_id = PONDER_SPEC_X_ALIGNED) const bool X_ALIGNED = false;
layout(push_constant, scalar) uniform Push { ToInt8Push push; };
layout(binding = 0, scalar) readonly buffer X { float x[]; };
layout(binding = 0, scalar) readonly buffer X4 { vec4 x4[]; };

void main() {
    const uint four = gl_WorkGroupID.x * gl_WorkGroupSize.x + int8Invocation();
    if (four * 4 >= push.columns) return; // of whole blocks
    const uint at = gl_WorkGroupID.y * push.xStride + four * 4;
    vec4 values;
    if (X_ALIGNED) values = x4[at >> 2];
    else values = vec4(x[at], x[at + 1], x[at + 2], x[at + 3]);
    storeInt8(values, gl_WorkGroupID.y, push.columns, four);
}
