#version 460
// A further level of a selection: where the level before went on, then the amounts of its bucket. The first level of the second
// selection takes what the first has kept. One workgroup a slice.
#extension GL_GOOGLE_include_directive : require
#include "shaders/lib/sampling.glsl"

layout(binding = 0, scalar) readonly buffer Weights { float weights[]; };
layout(binding = 1, scalar) readonly buffer Rule { SamplingRule rule; };
layout(binding = 2, scalar) buffer Scratch { SamplingScratch scratch; };
layout(binding = 3, scalar) buffer Amounts { SamplingAmounts amounts; };
#include "shaders/lib/sampling_histogram.glsl"
#include "shaders/lib/sampling_select.glsl"

void main() {
    clearHistogram();
    const bool again = push.level == 0;
    const uint selection = again ? push.selection - 1 : push.selection;
    const uint level = again ? PONDER_SAMPLING_LEVELS - 1 : push.level - 1;
    const SamplingLevel found = descended(selection, level, rule);
    if (gl_WorkGroupID.x == 0 && gl_LocalInvocationIndex == 0)
        scratch.levels[selection * PONDER_SAMPLING_LEVELS + level] = found;
    const uint shift = 20 - 10 * level; // below the bits that are known
    const bool counts = countsTokens(push.selection);
    const uint begin = gl_WorkGroupID.x * push.sliceSize, end = min(begin + push.sliceSize, rule.count);
    for (uint i = begin + gl_LocalInvocationIndex; i < end; i += gl_WorkGroupSize.x) {
        const uint bits = floatBitsToUint(weights[i]);
        const bool takesPart = again ? bits >= found.key : bits >> shift == found.key >> shift;
        if (bits > 0 && takesPart) addToHistogram(bucketOf(bits, push.level), counts ? 1ul : unitsOf(bits));
    }
    flushHistogram(push.selection, push.level);
}
