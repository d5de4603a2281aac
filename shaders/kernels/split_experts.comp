#version 460
// Of the pairs of a mixture, those whose expert the device holds: the choice and its weights once more, where all others have
// an expert that there is not (n_experts) and no weight. Any number of pairs.
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
    const bool held = Table(push.table).addresses[expert] != 0;
    heldChosen[pair] = held ? expert : push.n_experts;
    heldWeights[pair] = held ? weights[pair] : 0.0;
}
