#version 460
// y = x / sqrt(mean(x^2) + eps) * weight, one workgroup a row of any width. x and y may be the same buffer, at the same
// stride. Rows may lie further apart than they are wide.
// Each invocation adds the squares of every gl_WorkGroupSize.x-th value, then the partial sums are added as a
// tree: the rounding error grows with columns / workgroup size + log2(workgroup size), not with columns.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_buffer_reference : require
#include "shaders/lib/reduce.glsl"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(binding = 0, scalar) readonly buffer Rows { float x[]; };
layout(binding = 1, scalar) writeonly buffer Result { float y[]; };
layout(push_constant, scalar) uniform Push { RmsNormPush push; };
layout(buffer_reference, scalar) readonly buffer Weights { float values[]; };

void main() {
    const uint row = gl_WorkGroupID.x * push.xStride, resultRow = gl_WorkGroupID.x * push.yStride;
    float sum = 0;
    for (uint i = gl_LocalInvocationIndex; i < push.columns; i += gl_WorkGroupSize.x) {
        const float value = x[row + i];
        sum += value * value;
    }
    sum = workgroupAdd(sum);
    const float scale = 1.0 / sqrt(sum / float(push.columns) + push.eps);
    Weights weight = Weights(push.weight);
    for (uint i = gl_LocalInvocationIndex; i < push.columns; i += gl_WorkGroupSize.x)
        y[resultRow + i] = x[row + i] * scale * weight.values[i];
}
