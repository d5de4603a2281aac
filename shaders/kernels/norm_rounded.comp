#version 460
// Of each of several tokens' residual what residual_int8.comp leaves of one, bit by bit: residual * weight rounded (lib/int8.glsl),
// and the norm's factor ready made. One workgroup a row; columns are multiples of 16.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_control_flow_attributes : require
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"
#define INT8_BINDING 2
#include "shaders/lib/int8.glsl"
#include "shaders/lib/norm_factor.glsl"

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(push_constant, scalar) uniform Push { RmsNormPush push; };
layout(binding = 0, scalar) readonly buffer X4 { vec4 x4[]; };
layout(binding = 1, scalar) writeonly buffer Factors { float factors[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) readonly buffer Weights4 { vec4 values[]; };

shared float s_blocks[PONDER_MOST_NORM_BLOCKS];

void main() {
    const uint row = gl_WorkGroupID.x, fours = push.columns / 4, blocks = push.columns / 16;
    for (uint four = int8Invocation(); four < fours; four += gl_WorkGroupSize.x) {
        const vec4 values = x4[row * (push.xStride >> 2) + four];
        const float squares = squaresOfBlock(values);
        if ((four & 3u) == 0u) s_blocks[four >> 2] = squares;
        storeInt8(values * Weights4(push.weight).values[four], row, push.columns, four);
    }
    barrier();
    const uint chunks = (blocks + gl_SubgroupSize - 1) / gl_SubgroupSize;
    for (uint chunk = gl_SubgroupID; chunk < chunks; chunk += gl_NumSubgroups) {
        const uint block = chunk * gl_SubgroupSize + gl_SubgroupInvocationID;
        storeChunk(chunk, block < blocks ? s_blocks[block] : 0.0);
    }
    barrier();
    if (int8Invocation() == 0) factors[row] = normFactor(chunks, push.columns, push.eps);
}
