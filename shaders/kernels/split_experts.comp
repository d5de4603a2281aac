#version 460
// Of the pairs of a mixture, those that the device computes: the choice and its weights once more, where all others have an
// expert that there is not (2 * n_experts) and no weight. It computes those whose expert it holds and, of a single token, the
// first so many of the missing ones, from host memory: their addresses stand in the table behind those of all experts
// (inference/experts/link_share.h). Any number of pairs.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_buffer_reference : require
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(binding = 0, scalar) readonly buffer Chosen { uint chosen[]; };     // [n][n_used]
layout(binding = 1, scalar) readonly buffer Weights { float weights[]; };  // [n][n_used]
layout(binding = 2, scalar) writeonly buffer Held { uint heldChosen[]; };  // [n][n_used]
layout(binding = 3, scalar) writeonly buffer HeldWeights { float heldWeights[]; };
layout(push_constant, scalar) uniform Push { SplitExpertsPush push; };
layout(buffer_reference, scalar, buffer_reference_align = 8) readonly buffer Table { uint64_t addresses[]; };

void main() {
    const uint pair = gl_GlobalInvocationID.x;
    if (pair >= push.pairs) return;
    const uint expert = chosen[pair];
    Table table = Table(push.table);
    const bool held = table.addresses[expert] != 0;
    uint place = held ? expert : 2 * push.n_experts;
    if (!held && push.taken != 0) {
        uint missing = 0, before = 0;
        for (uint other = 0; other < push.pairs; ++other) {
            if (table.addresses[chosen[other]] != 0) continue;
            ++missing;
            if (other < pair) ++before;
        }
        if (missing <= 15 && before < (uint(push.taken >> (4 * missing)) & 15)) place = push.n_experts + expert;
    }
    heldChosen[pair] = place;
    heldWeights[pair] = place < 2 * push.n_experts ? weights[pair] : 0.0;
}
