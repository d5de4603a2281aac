#version 460
// Sorts (token, slot) pairs by expert, so that a mat-mat reads each expert once: where each expert's pairs begin
// [n_experts + 1], then the pairs. One workgroup; any number of pairs. The order within an expert is left open: no sum
// depends on it. PARTIAL: pairs of an expert that there is not (n_experts) are left out.
#extension GL_GOOGLE_include_directive : require
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(constant_id = PONDER_SPEC_EXPERTS) const uint kExperts = 256;
layout(constant_id = PONDER_SPEC_PARTIAL) const bool PARTIAL = false;
layout(binding = 0, scalar) readonly buffer Chosen { uint chosen[]; };
layout(binding = 1, scalar) writeonly buffer Routing { uint routing[]; };
layout(push_constant, scalar) uniform Push { SortExpertsPush push; };

shared uint s_counts[kExperts]; // then where the next pair of an expert goes

void main() {
    const uint thread = gl_LocalInvocationIndex;
    for (uint e = thread; e < kExperts; e += gl_WorkGroupSize.x) s_counts[e] = 0;
    barrier();
    for (uint pair = thread; pair < push.pairs; pair += gl_WorkGroupSize.x)
        if (!PARTIAL || chosen[pair] < kExperts) atomicAdd(s_counts[chosen[pair]], 1u);
    barrier();
    if (thread == 0) {
        uint sum = 0;
        for (uint e = 0; e < kExperts; ++e) {
            const uint count = s_counts[e];
            s_counts[e] = sum;
            sum += count;
        }
        if (PARTIAL) routing[kExperts] = sum;
    }
    barrier();
    for (uint e = thread; e < kExperts; e += gl_WorkGroupSize.x) routing[e] = s_counts[e];
    if (!PARTIAL && thread == 0) routing[kExperts] = push.pairs;
    barrier(); // the beginnings have been written before they move
    for (uint pair = thread; pair < push.pairs; pair += gl_WorkGroupSize.x)
        if (!PARTIAL || chosen[pair] < kExperts) routing[kExperts + 1 + atomicAdd(s_counts[chosen[pair]], 1u)] = pair;
}
