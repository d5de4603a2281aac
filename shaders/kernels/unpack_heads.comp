#version 460
// A matrix of each head as f16, [head][out][latent]: what keys or values are expanded by from the latent. Stored that way, or
// transposed (rows of the latent, columns of the results; neighbouring invocations then take neighbouring rows, so that
// they write side by side). One invocation a piece of 32 values: pieces along x, heads along y. Any rows; columns as the format
// demands. Weights beyond f16's 65,504 are not for this kernel.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_shader_16bit_storage : require
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(constant_id = PONDER_SPEC_ROW_ALIGNED) const bool ROW_ALIGNED = false;

layout(push_constant, scalar) uniform Push { UnpackHeadsPush push; };
layout(binding = 0, scalar) writeonly buffer Heads { float16_t heads[]; };

#define QUANT_ROW_ALIGNED ROW_ALIGNED
#define QUANT_CODEBOOK push.codebook
#define QUANT_FUSED
#include "shaders/quant/select.glsl"

layout(buffer_reference, scalar, buffer_reference_align = 8) readonly buffer Table { uint64_t addresses[]; };

void main() {
    const uint i = gl_GlobalInvocationID.x, head = gl_WorkGroupID.y;
    const uint pieces = quantPieces(push.columns);
    if (i >= pieces * push.rows) return;
    const bool transposed = push.transposed != 0;
    const uint row = transposed ? i % push.rows : i / pieces, piece = transposed ? i / push.rows : i % pieces;
    const uint64_t weight = Table(push.table).addresses[head] + uint64_t(row) * push.rowBytes;
    vec4 values[8];
    quantValues(quantLoad(weight, piece, push.columns), piece, values);
    const uint first = head * push.rows * push.columns;
    [[unroll]] for (uint v = 0; v < 8; ++v) {
        const uint column = quantColumn(piece, v / QUANT_RUN_VECS) + (v % QUANT_RUN_VECS) * 4;
        [[unroll]] for (uint k = 0; k < 4; ++k) {
            if (column + k >= push.columns) continue;
            const uint at = transposed ? (column + k) * push.rows + row : row * push.columns + column + k;
            heads[first + at] = float16_t(values[v][k]);
        }
    }
}
