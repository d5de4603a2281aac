// Activations rounded to whole numbers for products of int8: blocks of 16 values with a scale, x = scale * q, |q| <= 32,639, and
// the sum of the sixteen q, which formats with a minimum want. Of each block first the high bytes of its q, then the low ones, both
// with a sign: q = 256 high + low. (With the high ones alone a small model's next token moves by a KL of 2e-3.) Before including, a
// kernel defines INT8_BINDING, that of the numbers; the scales' is the next.
#ifndef PONDER_LIB_INT8_GLSL
#define PONDER_LIB_INT8_GLSL
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_quad : require
#include "shaders/lib/int8_layout.glsl"
#include "shaders/lib/pack_int8.glsl"

layout(binding = INT8_BINDING, scalar) writeonly buffer Int8Numbers { uint int8Numbers[]; }; // four bytes each
layout(binding = INT8_BINDING + 1, scalar) writeonly buffer Int8Scales { vec2 int8Scales[]; }; // scale, sum; a block each

// Not gl_LocalInvocationIndex: which of those form a subgroup is the driver's choice, and four neighbours share a block.
uint int8Invocation() { return gl_SubgroupID * gl_SubgroupSize + gl_SubgroupInvocationID; }

// Stores values 4 four to 4 four + 3 of a row. Called by the four invocations of a block together, four of the first a multiple of
// four.
void storeInt8(vec4 values, uint row, uint columns, uint four) {
    const vec4 sizes = abs(values);
    float most = max(max(sizes.x, sizes.y), max(sizes.z, sizes.w));
    most = max(most, subgroupQuadSwapHorizontal(most));
    most = max(most, subgroupQuadSwapVertical(most));
    const float inverse = most > 0.0 ? 32639.0 / most : 0.0;
    const ivec4 q = clamp(ivec4(roundEven(values * inverse)), -32639, 32639), high = (q + 128) >> 8;
    int sum = (q.x + q.y) + (q.z + q.w);
    sum += subgroupQuadSwapHorizontal(sum);
    sum += subgroupQuadSwapVertical(sum);
    const uint rowBlocks = int8RowBlocks(columns);
    const uint to = (row * rowBlocks * 2 + int8Place(four >> 2)) * 4 + (four & 3u);
    int8Numbers[to] = packInt8(high);
    int8Numbers[to + INT8_LOW * 4] = packInt8(q - high * 256);
    if ((four & 3u) == 0u) int8Scales[row * rowBlocks + int8ScalePlace(four >> 2)] = vec2(most / 32639.0, float(sum));
}
#endif
