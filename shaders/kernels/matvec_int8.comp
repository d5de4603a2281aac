#version 460
// y = W x for one to eight tokens of activations rounded to int8 (lib/int8.glsl), with integer dot products: arithmetic then
// keeps up with memory. LANES_PER_ROW invocations (whole subgroups) share ROWS_PER_LANE rows, as in matvec.comp. The products
// of a run are summed exactly; runs are added in the same order whatever the number of tokens: bitwise the same result.
// Any number of rows; columns as the format demands. Groups are counted over x and y, as there may be more than 65,535.
#extension GL_GOOGLE_include_directive : require
#extension GL_KHR_shader_subgroup_arithmetic : require
#extension GL_EXT_integer_dot_product : require
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(constant_id = PONDER_SPEC_WORKGROUP) const uint WORKGROUP = 64;
layout(constant_id = PONDER_SPEC_LANES_PER_ROW) const uint LANES_PER_ROW = 64;
layout(constant_id = PONDER_SPEC_ROWS_PER_LANE) const uint ROWS = 1;
layout(constant_id = PONDER_SPEC_COLUMNS) const uint COLUMNS = 1;
layout(constant_id = PONDER_SPEC_SUBGROUPS) const uint SUBGROUPS = 16;

layout(push_constant, scalar) uniform Push { MatVecPush push; };
layout(binding = 0, scalar) readonly buffer X { uvec4 x[]; }; // a block each
layout(binding = 0, scalar) readonly buffer X2 { uvec2 x2[]; };
layout(binding = 1, scalar) readonly buffer XScales { vec2 xScales[]; };
layout(binding = 2, scalar) buffer Y { float y[]; };

#define QUANT_INT8
#define QUANT_ROW_ALIGNED false
#define QUANT_CODEBOOK push.codebook
#include "shaders/quant/select.glsl"

layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer Bias { float values[]; };

const uint GROUPS = WORKGROUP / LANES_PER_ROW;
const uint RESULTS = GROUPS * ROWS * COLUMNS;
shared float s_parts[SUBGROUPS * ROWS * COLUMNS];

struct Run {
    uint words[QUANT_RUN_VECS];
    float scale; // of x
    int sum;     // of x's numbers
};

Run loadX(uint token, uint column) {
    Run run;
    const uint block = token * push.xStride + (column >> 4);
    const vec2 scaleSum = xScales[block];
    run.scale = scaleSum.x;
#if QUANT_RUN == 16
    const uvec4 words = x[block];
    [[unroll]] for (uint i = 0; i < 4; ++i) run.words[i] = words[i];
    run.sum = int(scaleSum.y);
#else
    const uvec2 words = x2[block * 2 + ((column >> 3) & 1u)];
    run.words[0] = words.x;
    run.words[1] = words.y;
    run.sum = 0;
#if QUANT_BIAS != 0 || QUANT_HAS_OFFSET
    run.sum = dotPacked4x8EXT(int(words.x), 0x01010101) + dotPacked4x8EXT(int(words.y), 0x01010101);
#endif
#endif
    return run;
}

// Where result i of the workgroup goes: which row and token.
uvec2 placeOf(uint i, uint workgroup) {
    return uvec2((workgroup * GROUPS + i / (ROWS * COLUMNS)) * ROWS + i / COLUMNS % ROWS, i % COLUMNS);
}

// What a result is added to.
float before(uvec2 place) {
    if (place.x >= push.rows) return 0.0;
    float sum = push.bias != 0 ? Bias(push.bias).values[push.firstRow + place.x] : 0.0;
    if (push.accumulate != 0) sum += y[place.y * push.yStride + push.firstRow + place.x];
    return sum;
}

void main() {
    // Not gl_LocalInvocationIndex: which of those form a subgroup is the driver's choice.
    const uint invocation = gl_SubgroupID * gl_SubgroupSize + gl_SubgroupInvocationID;
    const uint lane = invocation % LANES_PER_ROW;
    const uint workgroup = gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x;
    const uint firstRow = (workgroup * GROUPS + invocation / LANES_PER_ROW) * ROWS;

    // Asked for now, it is there when the sum is.
    float first = 0.0;
    if (RESULTS <= WORKGROUP && invocation < RESULTS) first = before(placeOf(invocation, workgroup));

    uint64_t rowAddress[ROWS];
    [[unroll]] for (uint r = 0; r < ROWS; ++r)
        rowAddress[r] = push.weight + uint64_t(min(firstRow + r, push.rows - 1)) * push.rowBytes;
    float sums[ROWS * COLUMNS];
    [[unroll]] for (uint i = 0; i < ROWS * COLUMNS; ++i) sums[i] = 0.0;

    const uint pieces = quantPieces(push.columns);
    for (uint piece = lane; piece < pieces; piece += LANES_PER_ROW) {
        QuantRaw raw[ROWS];
        [[unroll]] for (uint r = 0; r < ROWS; ++r) raw[r] = quantLoad(rowAddress[r], piece, push.columns);
        [[unroll]] for (uint c = 0; c < COLUMNS; ++c) {
            Run runs[QUANT_RUNS];
            [[unroll]] for (uint i = 0; i < QUANT_RUNS; ++i) runs[i] = loadX(c, quantColumn(piece, i));
            [[unroll]] for (uint r = 0; r < ROWS; ++r) {
                uint bytes[8];
                float scale[QUANT_RUNS], offset[QUANT_RUNS];
                quantBytes(raw[r], piece, bytes);
                quantScales(raw[r], piece, scale, offset);
                precise float sum = sums[r * COLUMNS + c];
                [[unroll]] for (uint i = 0; i < QUANT_RUNS; ++i) {
                    int dots = 0;
                    [[unroll]] for (uint k = 0; k < QUANT_RUN_VECS; ++k)
                        dots += dotPacked4x8EXT(int(bytes[i * QUANT_RUN_VECS + k]), int(runs[i].words[k]));
                    dots -= QUANT_BIAS * runs[i].sum;
                    precise float part = scale[i] * float(dots);
#if QUANT_HAS_OFFSET
                    part = fma(offset[i], float(runs[i].sum), part);
#endif
                    sum = fma(runs[i].scale, part, sum);
                }
                sums[r * COLUMNS + c] = sum;
            }
        }
    }

    [[unroll]] for (uint i = 0; i < ROWS * COLUMNS; ++i) {
        const float part = subgroupAdd(sums[i]);
        if (subgroupElect()) s_parts[gl_SubgroupID * ROWS * COLUMNS + i] = part;
    }
    barrier();
    const uint subgroupsPerRow = LANES_PER_ROW / gl_SubgroupSize;
    for (uint i = invocation; i < RESULTS; i += WORKGROUP) {
        const uvec2 place = placeOf(i, workgroup);
        if (place.x >= push.rows) continue;
        float sum = RESULTS <= WORKGROUP ? first : before(place);
        for (uint s = 0; s < subgroupsPerRow; ++s)
            sum += s_parts[(i / (ROWS * COLUMNS) * subgroupsPerRow + s) * ROWS * COLUMNS + i % (ROWS * COLUMNS)];
        y[place.y * push.yStride + push.firstRow + place.x] = sum;
    }
}
