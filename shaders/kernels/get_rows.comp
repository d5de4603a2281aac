#version 460
// y[t] = row ids[t] of W, every value bit by bit what the format defines (tested against the reference files). One
// invocation a piece of 32 values: pieces along x, tokens along y. Ids outside the segment are left to the others'.
#extension GL_GOOGLE_include_directive : require
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(constant_id = PONDER_SPEC_ROW_ALIGNED) const bool ROW_ALIGNED = false;

layout(push_constant, scalar) uniform Push { GetRowsPush push; };
layout(binding = 0, scalar) readonly buffer Ids { uint ids[]; };
layout(binding = 1, scalar) writeonly buffer Y { float y[]; };

#define QUANT_ROW_ALIGNED ROW_ALIGNED
#define QUANT_CODEBOOK push.codebook
#include "shaders/quant/select.glsl"

void main() {
    const uint piece = gl_GlobalInvocationID.x;
    if (piece >= quantPieces(push.columns)) return;
    for (uint token = gl_WorkGroupID.y; token < push.n; token += gl_NumWorkGroups.y) {
        const uint row = ids[token] - push.firstRow; // wraps for ids before the segment
        if (row >= push.rows) continue;
        vec4 values[8];
        quantValues(quantLoad(push.weight + uint64_t(row) * push.rowBytes, piece, push.columns), piece, values);
        [[unroll]] for (uint i = 0; i < 8; ++i) {
            const uint column = quantColumn(piece, i / QUANT_RUN_VECS) + (i % QUANT_RUN_VECS) * 4;
            [[unroll]] for (uint k = 0; k < 4; ++k)
                if (column + k < push.columns) y[token * push.columns + column + k] = values[i][k];
        }
    }
}
