#version 460
// Joins the sums that shares of a product's columns have left (matmul_coopmat.comp): y = (y +) bias + the shares' sums in their
// order. Four rows of a token an invocation; tokens along y.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_control_flow_attributes : require
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(push_constant, scalar) uniform Push { MatMulJoinPush push; };
layout(binding = 0, scalar) readonly buffer Shares { float shares[]; }; // [splits][n][rows]
layout(binding = 1, scalar) buffer Y { float y[]; };

layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer Bias { float values[]; };

void main() {
    const uint token = gl_WorkGroupID.y, n = gl_NumWorkGroups.y;
    const uint first = gl_WorkGroupID.x * gl_WorkGroupSize.x * 4 + gl_LocalInvocationIndex;
    [[unroll]] for (uint j = 0; j < 4; ++j) {
        const uint row = first + j * gl_WorkGroupSize.x;
        if (row >= push.rows) return;
        float sum = 0;
        for (uint split = 0; split < push.splits; ++split) sum += shares[(split * n + token) * push.rows + row];
        if (push.bias != 0) sum += Bias(push.bias).values[push.firstRow + row];
        const uint at = token * push.yStride + push.firstRow + row;
        if (push.accumulate != 0) sum += y[at];
        y[at] = sum;
    }
}
