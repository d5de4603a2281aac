#version 460
// x[token] += sum over slots of weight * result: what the chosen experts made of a token joins its residual. Any columns and
// slots; the slots are added in their order. PARTIAL: what has no weight may be no number and is left out. Columns along x, tokens along y.
#extension GL_GOOGLE_include_directive : require
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(constant_id = PONDER_SPEC_PARTIAL) const bool PARTIAL = false;
layout(binding = 0, scalar) readonly buffer Results { float results[]; }; // [n][n_used][columns]
layout(binding = 1, scalar) readonly buffer Weights { float weights[]; }; // [n][n_used]
layout(binding = 2, scalar) buffer Residual { float x[]; };               // [n][columns]
layout(push_constant, scalar) uniform Push { CombinePush push; };

void main() {
    const uint column = gl_GlobalInvocationID.x;
    if (column >= push.columns) return;
    const uint first = gl_WorkGroupID.y * push.n_used;
    float sum = 0;
    for (uint slot = 0; slot < push.n_used; ++slot)
        if (!PARTIAL || weights[first + slot] != 0) sum += weights[first + slot] * results[(first + slot) * push.columns + column];
    x[gl_WorkGroupID.y * push.columns + column] += sum;
}
