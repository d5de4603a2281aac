#version 460
// What each slice has of what is kept, after the last level of the last selection. One workgroup a slice.
#extension GL_GOOGLE_include_directive : require
#include "shaders/lib/sampling.glsl"

layout(binding = 0, scalar) readonly buffer Weights { float weights[]; };
layout(binding = 1, scalar) readonly buffer Rule { SamplingRule rule; };
layout(binding = 2, scalar) buffer Scratch { SamplingScratch scratch; };
layout(binding = 3, scalar) buffer Amounts { SamplingAmounts amounts; };
#include "shaders/lib/sampling_select.glsl"

void main() {
    Kept kept = Kept(0, 0, floatBitsToUint(rule.floorWeight));
    if (push.selections > 0) {
        const uint selection = push.selections - 1;
        const SamplingLevel found = descended(selection, PONDER_SAMPLING_LEVELS - 1, rule);
        if (gl_WorkGroupID.x == 0 && gl_LocalInvocationIndex == 0)
            scratch.levels[selection * PONDER_SAMPLING_LEVELS + PONDER_SAMPLING_LEVELS - 1] = found;
        kept = keptOf(found, countsTokens(selection), rule.floorWeight);
    }
    const uint begin = gl_WorkGroupID.x * push.sliceSize, end = min(begin + push.sliceSize, rule.count);
    uint64_t mass = 0;
    uint equals = 0;
    for (uint i = begin + gl_LocalInvocationIndex; i < end; i += gl_WorkGroupSize.x) {
        const uint bits = floatBitsToUint(weights[i]);
        if (isKept(kept, bits)) mass += unitsOf(bits);
        if (isEqual(kept, bits)) ++equals;
    }
    scanned(mass);
    mass = scannedTotal();
    scanned(equals);
    if (gl_LocalInvocationIndex == 0) {
        scratch.mass[gl_WorkGroupID.x] = mass;
        scratch.equals[gl_WorkGroupID.x] = uint(scannedTotal());
    }
}
