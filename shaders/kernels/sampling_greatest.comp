#version 460
// The greatest logit of each slice and the first token that has it; clears the amounts for the kernels behind it. One workgroup a
// slice.
#extension GL_GOOGLE_include_directive : require
#include "shaders/lib/sampling.glsl"

layout(binding = 0, scalar) readonly buffer Logits { float logits[]; };
layout(binding = 1, scalar) readonly buffer Rule { SamplingRule rule; };
layout(binding = 2, scalar) buffer Scratch { SamplingScratch scratch; };
layout(binding = 3, scalar) writeonly buffer Amounts { SamplingAmounts amounts; };

void main() {
    const uint last = push.selections * PONDER_SAMPLING_LEVELS * PONDER_SAMPLING_BUCKETS;
    for (uint i = gl_GlobalInvocationID.x; i < last; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x)
        amounts.low[i] = amounts.high[i] = 0;
    const uint begin = gl_WorkGroupID.x * push.sliceSize, end = min(begin + push.sliceSize, rule.count);
    uvec2 best = uvec2(0, ~0u);
    for (uint i = begin + gl_LocalInvocationIndex; i < end; i += gl_WorkGroupSize.x) {
        const uint key = ordered(logits[i]);
        if (key > best.x) best = uvec2(key, i);
    }
    best = firstGreatest(best);
    if (gl_LocalInvocationIndex == 0) {
        scratch.greatest[gl_WorkGroupID.x] = best.x;
        scratch.greatestAt[gl_WorkGroupID.x] = best.y;
    }
}
