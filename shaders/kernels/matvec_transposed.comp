#version 460
// y = W^T x for every (token, head) pair, each head with a matrix of its own: y[c] = sum over rows r of x[r] W[r][c]. For keys
// of latent attention in the older tensor layout, whose rows are what a query is multiplied by. A workgroup takes a head
// (along x) and kTokens tokens (along y); an invocation takes a piece of 32 columns in every kLanes-th row, then the lanes'
// sums are added in their order. Any rows, tokens; columns as the format demands. A token's sum does not depend on the others.
#extension GL_GOOGLE_include_directive : require
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

#define THREADS 128u
layout(local_size_x = 128) in;
layout(constant_id = PONDER_SPEC_COLUMNS) const uint kTokens = 1;
layout(constant_id = PONDER_SPEC_ROW_ALIGNED) const bool ROW_ALIGNED = false;

layout(push_constant, scalar) uniform Push { ExpertsPush push; };
layout(binding = 0, scalar) readonly buffer X { float x[]; };
layout(binding = 1, scalar) writeonly buffer Y { float y[]; };

#define QUANT_ROW_ALIGNED ROW_ALIGNED
#define QUANT_CODEBOOK push.codebook
#include "shaders/quant/select.glsl"

layout(buffer_reference, scalar, buffer_reference_align = 8) readonly buffer Table { uint64_t addresses[]; };

const uint kPieces = 16; // side by side: 512 columns, the latent of every DeepSeek
const uint kLanes = THREADS / kPieces;
shared float s_sums[kLanes][kPieces * 32];

void main() {
    const uint head = gl_WorkGroupID.x, firstToken = gl_WorkGroupID.y * kTokens;
    const uint64_t weight = Table(push.table).addresses[head];
    const uint lane = gl_LocalInvocationIndex / kPieces;
    const uint pieces = quantPieces(push.columns);

    for (uint firstPiece = 0; firstPiece < pieces; firstPiece += kPieces) {
        const uint piece = firstPiece + gl_LocalInvocationIndex % kPieces;
        vec4 sums[kTokens][8];
        [[unroll]] for (uint t = 0; t < kTokens; ++t)
            [[unroll]] for (uint i = 0; i < 8; ++i) sums[t][i] = vec4(0);
        if (piece < pieces) {
            for (uint row = lane; row < push.rows; row += kLanes) {
                vec4 values[8];
                quantValues(quantLoad(weight + uint64_t(row) * push.rowBytes, piece, push.columns), piece, values);
                [[unroll]] for (uint t = 0; t < kTokens; ++t) {
                    const uint token = min(firstToken + t, push.n - 1);
                    const float factor = x[(token * push.slots + head) * push.xStride + row];
                    [[unroll]] for (uint i = 0; i < 8; ++i) sums[t][i] += factor * values[i];
                }
            }
        }
        [[unroll]] for (uint t = 0; t < kTokens; ++t) {
            [[unroll]] for (uint i = 0; i < 8; ++i)
                [[unroll]] for (uint k = 0; k < 4; ++k)
                    s_sums[lane][(gl_LocalInvocationIndex % kPieces) * 32 + i * 4 + k] = sums[t][i][k];
            barrier();
            for (uint i = gl_LocalInvocationIndex; i < kPieces * 32; i += THREADS) {
                const uint of = firstPiece + i / 32;
                const uint column = quantColumn(of, i % 32 / QUANT_RUN) + i % QUANT_RUN;
                if (of >= pieces || column >= push.columns || firstToken + t >= push.n) continue;
                float sum = 0;
                [[unroll]] for (uint l = 0; l < kLanes; ++l) sum += s_sums[l][i];
                y[((firstToken + t) * push.slots + head) * push.yStride + column] = sum;
            }
            barrier();
        }
    }
}
