// Rows of activations as the cooperative kernels want them: f16, each row scaled by a power of two so that its greatest value lies
// in [2^14, 2^15) (models have outliers beyond f16's 65,504, and small values keep their bits), filled up with zeros to a
// multiple of 256. Products are multiplied by the inverse in float32, which is exact. One workgroup a row. Before including, a kernel
// declares its size, by which invocations share a row, and defines HALF_BINDING, that of the values; the scales' is the next.
#ifndef PONDER_LIB_HALF_ROWS_GLSL
#define PONDER_LIB_HALF_ROWS_GLSL
#include "shaders/lib/reduce.glsl"

layout(binding = HALF_BINDING, scalar) writeonly buffer HalfRows { uvec2 halfRows[]; }; // four values each
layout(binding = HALF_BINDING + 1, scalar) writeonly buffer HalfScales { float halfInverse[]; };

// What a row is multiplied by. Called by all invocations together; most: of the invocation's own values.
float scaleHalfRow(uint row, float most) {
    most = workgroupMax(most);
    // Exponents by their bits; rows of zeros, and of values too small for an inverse, keep a scale of 2^100 at most.
    const int exponent = clamp(int(floatBitsToUint(most) >> 23) - 127, -86, 127);
    if (gl_LocalInvocationIndex == 0) halfInverse[row] = uintBitsToFloat(uint(127 - 14 + exponent) << 23);
    return uintBitsToFloat(uint(127 + 14 - exponent) << 23);
}

uint foursOfHalfRow(uint columns) { return (columns + 255u) / 256u * 64u; }

// Values 4 four to 4 four + 3 of a row, scaled; those beyond its columns are zero.
void storeHalves(uint row, uint columns, uint four, vec4 scaled) {
    halfRows[row * foursOfHalfRow(columns) + four] = uvec2(packHalf2x16(scaled.xy), packHalf2x16(scaled.zw));
}

float mostOf(vec4 values) {
    const vec4 sizes = abs(values);
    return max(max(sizes.x, sizes.y), max(sizes.z, sizes.w));
}
#endif
