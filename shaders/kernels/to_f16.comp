#version 460
// Activations as the cooperative kernels want them: f16, each row scaled by a power of two so that its greatest value lies
// in [2^14, 2^15) (models have outliers beyond f16's 65,504, and small values keep their bits), the row filled up with zeros to
// halfStride. Products are multiplied by the inverse in float32, which is exact. One workgroup a row, counted over x and y.
#extension GL_GOOGLE_include_directive : require
#include "shaders/lib/reduce.glsl"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(push_constant, scalar) uniform Push { ToF16Push push; };
layout(binding = 0, scalar) readonly buffer X { float x[]; };
layout(binding = 1, scalar) writeonly buffer Halves { uint halves[]; }; // pairs
layout(binding = 2, scalar) writeonly buffer Scales { float inverse[]; };

void main() {
    const uint token = gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x;
    if (token >= push.rows) return;
    const uint row = token * push.xStride;
    float most = 0.0;
    for (uint i = gl_LocalInvocationIndex; i < push.columns; i += gl_WorkGroupSize.x) most = max(most, abs(x[row + i]));
    most = workgroupMax(most);

    // Exponents by their bits; rows of zeros, and of values too small for an inverse, keep a scale of 2^100 at most.
    const int exponent = clamp(int(floatBitsToUint(most) >> 23) - 127, -86, 127);
    const float scale = uintBitsToFloat(uint(127 + 14 - exponent) << 23);
    if (gl_LocalInvocationIndex == 0) inverse[token] = uintBitsToFloat(uint(127 - 14 + exponent) << 23);
    for (uint i = gl_LocalInvocationIndex; i < push.halfStride / 2; i += gl_WorkGroupSize.x) {
        const float a = 2 * i < push.columns ? x[row + 2 * i] * scale : 0.0;
        const float b = 2 * i + 1 < push.columns ? x[row + 2 * i + 1] * scale : 0.0;
        halves[token * (push.halfStride / 2) + i] = packHalf2x16(vec2(a, b));
    }
}
