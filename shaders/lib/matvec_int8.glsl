// What kernels of products of int8 share, with rounded activations (int8.glsl): rows of weights times every token, as sums of one
// invocation. LANES_PER_ROW invocations (whole subgroups) share rows and go through their pieces side by side, so that
// neighbours read neighbouring bytes. The products of a run are summed exactly; runs are added in the same order whatever the
// number of rows and tokens: bitwise the same result. Columns as the format demands. Before including, a kernel declares push
// (codebook, columns, xStride in blocks) and defines ALL_ROWS, the rows of an invocation.
#ifndef PONDER_LIB_MATVEC_INT8_GLSL
#define PONDER_LIB_MATVEC_INT8_GLSL
#extension GL_KHR_shader_subgroup_arithmetic : require
#extension GL_EXT_integer_dot_product : require

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(constant_id = PONDER_SPEC_WORKGROUP) const uint WORKGROUP = 64;
layout(constant_id = PONDER_SPEC_LANES_PER_ROW) const uint LANES_PER_ROW = 64;
layout(constant_id = PONDER_SPEC_ROWS_PER_LANE) const uint ROWS = 1;
layout(constant_id = PONDER_SPEC_COLUMNS) const uint COLUMNS = 1;
layout(constant_id = PONDER_SPEC_SUBGROUPS) const uint SUBGROUPS = 16;
const uint GROUPS = WORKGROUP / LANES_PER_ROW;

layout(binding = 0, scalar) readonly buffer X { uvec4 x[]; }; // of each block the high bytes, the low ones
layout(binding = 0, scalar) readonly buffer X2 { uvec2 x2[]; };
layout(binding = 1, scalar) readonly buffer XScales { vec2 xScales[]; };

#define QUANT_INT8
#define QUANT_WIDE
#define QUANT_ROW_ALIGNED false
#define QUANT_CODEBOOK push.codebook
#include "shaders/quant/select.glsl"

// Not gl_LocalInvocationIndex: which of those form a subgroup is the driver's choice.
uint invocationOfSubgroups() { return gl_SubgroupID * gl_SubgroupSize + gl_SubgroupInvocationID; }

struct Run {
    uint high[QUANT_RUN_VECS], low[QUANT_RUN_VECS];
    float scale; // of x
    int sum;     // of x's numbers
};

Run loadX(uint token, uint column) {
    Run run;
    const uint block = token * push.xStride + (column >> 4);
    const vec2 scaleSum = xScales[block];
    run.scale = scaleSum.x;
#if QUANT_RUN == 16
    const uvec4 high = x[block * 2], low = x[block * 2 + 1];
    [[unroll]] for (uint i = 0; i < 4; ++i) {
        run.high[i] = high[i];
        run.low[i] = low[i];
    }
    run.sum = int(scaleSum.y);
#else
    const uint at = block * 4 + ((column >> 3) & 1u);
    const uvec2 high = x2[at], low = x2[at + 2];
    [[unroll]] for (uint i = 0; i < 2; ++i) {
        run.high[i] = high[i];
        run.low[i] = low[i];
    }
    run.sum = 0;
#if QUANT_BIAS != 0 || QUANT_HAS_OFFSET
    [[unroll]] for (uint i = 0; i < 2; ++i)
        run.sum += 256 * dotPacked4x8EXT(int(high[i]), 0x01010101) + dotPacked4x8EXT(int(low[i]), 0x01010101);
#endif
#endif
    return run;
}

uint64_t g_rows[ALL_ROWS]; // addresses
float g_sums[ALL_ROWS * COLUMNS];

void addRows(uint lane) {
    [[unroll]] for (uint i = 0; i < ALL_ROWS * COLUMNS; ++i) g_sums[i] = 0.0;
    const uint pieces = quantPieces(push.columns);
    for (uint piece = lane; piece < pieces; piece += LANES_PER_ROW) {
        QuantRaw raw[ALL_ROWS];
        [[unroll]] for (uint r = 0; r < ALL_ROWS; ++r) raw[r] = quantLoad(g_rows[r], piece, push.columns);
        [[unroll]] for (uint c = 0; c < COLUMNS; ++c) {
            Run runs[QUANT_RUNS];
            [[unroll]] for (uint i = 0; i < QUANT_RUNS; ++i) runs[i] = loadX(c, quantColumn(piece, i));
            [[unroll]] for (uint r = 0; r < ALL_ROWS; ++r) {
                uint bytes[8];
                float scale[QUANT_RUNS], offset[QUANT_RUNS];
                quantBytes(raw[r], piece, bytes);
                quantScales(raw[r], piece, scale, offset);
                precise float sum = g_sums[r * COLUMNS + c];
                [[unroll]] for (uint i = 0; i < QUANT_RUNS; ++i) {
                    int high = 0, low = 0;
                    [[unroll]] for (uint k = 0; k < QUANT_RUN_VECS; ++k) {
                        const int four = int(bytes[i * QUANT_RUN_VECS + k]);
                        high += dotPacked4x8EXT(four, int(runs[i].high[k]));
                        low += dotPacked4x8EXT(four, int(runs[i].low[k]));
                    }
                    const int dots = 256 * high + low - QUANT_BIAS * runs[i].sum; // below 2^28
                    precise float part = scale[i] * float(dots);
#if QUANT_HAS_OFFSET
                    part = fma(offset[i], float(runs[i].sum), part);
#endif
                    sum = fma(runs[i].scale, part, sum);
                }
                g_sums[r * COLUMNS + c] = sum;
            }
        }
    }
}
#endif
