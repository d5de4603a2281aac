#version 460
// y = W x for one to eight tokens: every weight is read once. LANES_PER_ROW invocations (whole subgroups) share
// ROWS_PER_LANE rows and go through their pieces side by side, so that neighbours read neighbouring bytes. A token's sum is
// made of the same operations in the same order whatever the number of tokens: bitwise the same result.
// Any number of rows; columns as the format demands. Groups are counted over x and y, as there may be more than 65,535.
// EXPERTS: one token, for each (token, slot) pair along y a matrix of its own, found in a table of addresses. PARTIAL:
// pairs of an expert that there is not are left out.
#extension GL_GOOGLE_include_directive : require
#extension GL_KHR_shader_subgroup_arithmetic : require
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(constant_id = PONDER_SPEC_WORKGROUP) const uint WORKGROUP = 64;
layout(constant_id = PONDER_SPEC_LANES_PER_ROW) const uint LANES_PER_ROW = 64;
layout(constant_id = PONDER_SPEC_ROWS_PER_LANE) const uint ROWS = 1;
layout(constant_id = PONDER_SPEC_COLUMNS) const uint COLUMNS = 1;
layout(constant_id = PONDER_SPEC_SUBGROUPS) const uint SUBGROUPS = 16;
layout(constant_id = PONDER_SPEC_ROW_ALIGNED) const bool ROW_ALIGNED = false;
layout(constant_id = PONDER_SPEC_X_ALIGNED) const bool X_ALIGNED = false;

#ifdef EXPERTS
layout(constant_id = PONDER_SPEC_PARTIAL) const bool PARTIAL = false;
layout(push_constant, scalar) uniform Push { ExpertsPush push; };
layout(binding = 2, scalar) readonly buffer Chosen { uint chosen[]; }; // expert of each pair
#else
layout(push_constant, scalar) uniform Push { MatVecPush push; };
#endif
layout(binding = 0, scalar) readonly buffer X { float x[]; };
layout(binding = 0, scalar) readonly buffer X4 { vec4 x4[]; };
layout(binding = 1, scalar) buffer Y { float y[]; };

#define QUANT_ROW_ALIGNED ROW_ALIGNED
#define QUANT_CODEBOOK push.codebook
#include "shaders/quant/select.glsl"

layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer Bias { float values[]; };
layout(buffer_reference, scalar, buffer_reference_align = 8) readonly buffer Table { uint64_t addresses[]; };

shared float s_parts[SUBGROUPS * ROWS * COLUMNS];

void loadX(uint token, uint piece, out vec4 values[8]) {
#ifdef EXPERTS
    const uint row = (push.xPerPair != 0 ? gl_WorkGroupID.y : gl_WorkGroupID.y / push.slots) * push.xStride;
#else
    const uint row = token * push.xStride;
#endif
    [[unroll]] for (uint i = 0; i < 8; ++i) {
        const uint column = quantColumn(piece, i / QUANT_RUN_VECS) + (i % QUANT_RUN_VECS) * 4;
#if QUANT_TAILS
        if (!X_ALIGNED || column + 4 > push.columns) {
            [[unroll]] for (uint k = 0; k < 4; ++k)
                values[i][k] = column + k < push.columns ? x[row + column + k] : 0.0;
            continue;
        }
#endif
        if (X_ALIGNED) values[i] = x4[(row + column) >> 2];
        else values[i] = vec4(x[row + column], x[row + column + 1], x[row + column + 2], x[row + column + 3]);
    }
}

void main() {
    // Not gl_LocalInvocationIndex: which of those form a subgroup is the driver's choice.
    const uint invocation = gl_SubgroupID * gl_SubgroupSize + gl_SubgroupInvocationID;
    const uint lane = invocation % LANES_PER_ROW;
    const uint group = invocation / LANES_PER_ROW;
#ifdef EXPERTS
    const uint workgroup = gl_WorkGroupID.x;
    const uint expert = push.routed != 0 ? chosen[gl_WorkGroupID.y] : gl_WorkGroupID.y % push.slots;
    if (PARTIAL && expert >= push.experts) return; // of the whole workgroup
    const uint64_t weight = Table(push.table).addresses[expert];
#else
    const uint workgroup = gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x;
    const uint64_t weight = push.weight;
#endif
    const uint firstRow = (workgroup * (WORKGROUP / LANES_PER_ROW) + group) * ROWS;

    uint64_t rowAddress[ROWS];
    [[unroll]] for (uint r = 0; r < ROWS; ++r)
        rowAddress[r] = weight + uint64_t(min(firstRow + r, push.rows - 1)) * push.rowBytes;
    float sums[ROWS * COLUMNS];
    [[unroll]] for (uint i = 0; i < ROWS * COLUMNS; ++i) sums[i] = 0.0;

    const uint pieces = quantPieces(push.columns);
    for (uint piece = lane; piece < pieces; piece += LANES_PER_ROW) {
        QuantRaw raw[ROWS];
        [[unroll]] for (uint r = 0; r < ROWS; ++r) raw[r] = quantLoad(rowAddress[r], piece, push.columns);
        [[unroll]] for (uint c = 0; c < COLUMNS; ++c) {
            vec4 xs[8];
            loadX(c, piece, xs);
#if QUANT_HAS_OFFSET
            float xSum[QUANT_RUNS];
            [[unroll]] for (uint run = 0; run < QUANT_RUNS; ++run) {
                precise vec4 four = xs[run * QUANT_RUN_VECS];
                [[unroll]] for (uint i = 1; i < QUANT_RUN_VECS; ++i) four = four + xs[run * QUANT_RUN_VECS + i];
                precise float sum = (four.x + four.y) + (four.z + four.w);
                xSum[run] = sum;
            }
#endif
            [[unroll]] for (uint r = 0; r < ROWS; ++r) {
                vec4 q[8];
                float scale[QUANT_RUNS], offset[QUANT_RUNS];
                quantUnpack(raw[r], piece, q, scale, offset);
                precise float sum = sums[r * COLUMNS + c];
                [[unroll]] for (uint run = 0; run < QUANT_RUNS; ++run) {
                    precise vec4 four = q[run * QUANT_RUN_VECS] * xs[run * QUANT_RUN_VECS];
                    [[unroll]] for (uint i = 1; i < QUANT_RUN_VECS; ++i)
                        four = fma(q[run * QUANT_RUN_VECS + i], xs[run * QUANT_RUN_VECS + i], four);
                    precise float part = (four.x + four.y) + (four.z + four.w);
#if QUANT_HAS_SCALE
                    sum = fma(scale[run], part, sum);
#else
                    sum = sum + part;
#endif
#if QUANT_HAS_OFFSET
                    sum = fma(offset[run], xSum[run], sum);
#endif
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
    for (uint i = invocation; i < (WORKGROUP / LANES_PER_ROW) * ROWS * COLUMNS; i += WORKGROUP) {
        const uint g = i / (ROWS * COLUMNS);
        const uint r = i / COLUMNS % ROWS;
        const uint row = (workgroup * (WORKGROUP / LANES_PER_ROW) + g) * ROWS + r;
        if (row >= push.rows) continue;
        float sum = 0.0;
        for (uint s = 0; s < subgroupsPerRow; ++s)
            sum += s_parts[(g * subgroupsPerRow + s) * ROWS * COLUMNS + i % (ROWS * COLUMNS)];
#ifdef EXPERTS
        y[gl_WorkGroupID.y * push.yStride + row] = sum;
#else
        if (push.bias != 0) sum += Bias(push.bias).values[push.firstRow + row];
        const uint at = (i % COLUMNS) * push.yStride + push.firstRow + row;
        y[at] = push.accumulate != 0 ? y[at] + sum : sum;
#endif
    }
}
