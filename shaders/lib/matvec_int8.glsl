// What kernels of products of int8 share, with rounded activations (int8.glsl): rows of weights times every token, as sums of one
// invocation. LANES_PER_ROW invocations (whole subgroups) share rows and go through their pieces side by side, so that
// neighbours read neighbouring bytes. The products of a run are summed exactly; runs are added in the same order whatever the
// number of rows and tokens: bitwise the same result. Columns as the format demands. Before including, a kernel declares push
// (codebook, columns, the addresses x and xScales) and defines ALL_ROWS, the rows of an invocation.
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
layout(constant_id = PONDER_SPEC_X_STRIDE) const uint X_STRIDE = 0; // of several tokens: blocks from one to the next
const uint GROUPS = WORKGROUP / LANES_PER_ROW;

#include "shaders/lib/int8_layout.glsl"
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
    float sum;   // of x's numbers, which is whole
};

// Addresses of the first token's run: its high bytes, its scale and sum. Other tokens, and the low bytes, lie a constant further on,
// which costs a load no instruction of its own.
struct RunPlace { uint64_t numbers, scale; };

// Run i of a piece; place, scalePlace: of its first run, from which this one's differ by fixed bits.
RunPlace runPlace(uint place, uint scalePlace, uint column, uint i) {
    const uint step = i * (QUANT_RUN_STEP / 16);
    RunPlace at = RunPlace(push.x + uint64_t((place ^ int8Place(step)) * 16),
                           push.xScales + uint64_t((scalePlace ^ int8ScalePlace(step)) * 8));
#if QUANT_RUN == 8 // half of a block
    at.numbers += column & 8u;
#endif
    return at;
}

Run loadX(RunPlace place, uint token) {
    Run run;
    const uint64_t numbers = place.numbers + uint64_t(token * X_STRIDE * 32);
    const vec2 scaleSum = uintBitsToFloat(load64(place.scale + uint64_t(token * X_STRIDE * 8)));
    run.scale = scaleSum.x;
#if QUANT_RUN == 16
    const uvec4 high = load128(numbers), low = load128(numbers + INT8_LOW * 16);
#else
    const uvec2 high = load64(numbers), low = load64(numbers + INT8_LOW * 16);
#endif
    [[unroll]] for (uint k = 0; k < QUANT_RUN_VECS; ++k) {
        run.high[k] = high[k];
        run.low[k] = low[k];
    }
#if QUANT_RUN == 16
    run.sum = scaleSum.y;
#elif QUANT_BIAS != 0 || QUANT_HAS_OFFSET
    int sum = 0;
    [[unroll]] for (uint k = 0; k < QUANT_RUN_VECS; ++k)
        sum += 256 * dotPacked4x8EXT(int(high[k]), 0x01010101) + dotPacked4x8EXT(int(low[k]), 0x01010101);
    run.sum = float(sum);
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
        // Unpacked once for all tokens: a compiler does not do so by itself.
        uint bytes[ALL_ROWS][8];
        float scale[ALL_ROWS][QUANT_RUNS], offset[ALL_ROWS][QUANT_RUNS];
        [[unroll]] for (uint r = 0; r < ALL_ROWS; ++r) {
            quantBytes(raw[r], piece, bytes[r]);
            quantScales(raw[r], piece, scale[r], offset[r]);
        }
        const uint column = quantColumn(piece, 0), place = int8Place(column >> 4),
                   scalePlace = int8ScalePlace(column >> 4);
        RunPlace places[QUANT_RUNS];
        [[unroll]] for (uint i = 0; i < QUANT_RUNS; ++i) places[i] = runPlace(place, scalePlace, column, i);
        [[unroll]] for (uint c = 0; c < COLUMNS; ++c) {
            Run runs[QUANT_RUNS];
            [[unroll]] for (uint i = 0; i < QUANT_RUNS; ++i) runs[i] = loadX(places[i], c);
            [[unroll]] for (uint r = 0; r < ALL_ROWS; ++r) {
                precise float sum = g_sums[r * COLUMNS + c];
                [[unroll]] for (uint i = 0; i < QUANT_RUNS; ++i) {
                    int high = 0, low = 0;
                    [[unroll]] for (uint k = 0; k < QUANT_RUN_VECS; ++k) {
                        const int four = int(bytes[r][i * QUANT_RUN_VECS + k]);
                        high += dotPacked4x8EXT(four, int(runs[i].high[k]));
                        low += dotPacked4x8EXT(four, int(runs[i].low[k]));
                    }
                    int dots = 256 * high + low; // below 2^28
#if QUANT_BIAS != 0
                    dots -= QUANT_BIAS * int(runs[i].sum);
#endif
                    precise float part = scale[r][i] * float(dots);
#if QUANT_HAS_OFFSET
                    part = fma(offset[r][i], runs[i].sum, part);
#endif
                    sum = fma(runs[i].scale, part, sum);
                }
                g_sums[r * COLUMNS + c] = sum;
            }
        }
    }
}
#endif
