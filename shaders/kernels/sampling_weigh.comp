#version 460
// weights = e^((logits - greatest) / temperature), 0 where that is no number or below e^-87, and the amounts of the first level of
// the first selection. One workgroup a slice.
#extension GL_GOOGLE_include_directive : require
#include "shaders/lib/sampling.glsl"

layout(binding = 0, scalar) readonly buffer Logits { float logits[]; };
layout(binding = 1, scalar) writeonly buffer Weights { float weights[]; };
layout(binding = 2, scalar) readonly buffer Rule { SamplingRule rule; };
layout(binding = 3, scalar) buffer Scratch { SamplingScratch scratch; };
layout(binding = 4, scalar) buffer Amounts { SamplingAmounts amounts; };
#include "shaders/lib/sampling_histogram.glsl"

// inference/sampler.cpp has the same, operation for operation.
float expNegative(float x) {
    precise float scaled = x * 1.44269504;
    precise float raised = scaled + 12582912.0;
    precise float whole = raised - 12582912.0;
    precise float high = whole * 0.693359375;
    precise float low = whole * 2.12194440e-4;
    precise float r = x - high;
    r = r + low;
    precise float e = 1.0 / 720.0;
    e = e * r;
    e = e + 1.0 / 120.0;
    e = e * r;
    e = e + 1.0 / 24.0;
    e = e * r;
    e = e + 1.0 / 6.0;
    e = e * r;
    e = e + 0.5;
    e = e * r;
    e = e + 1.0;
    e = e * r;
    e = e + 1.0;
    precise float result = e * uintBitsToFloat(uint(int(whole) + 127) << 23);
    return result;
}

void main() {
    const uint thread = gl_LocalInvocationIndex;
    if (push.selections > 0) clearHistogram();
    uint most = 0;
    for (uint i = thread; i < push.slices; i += gl_WorkGroupSize.x) most = max(most, scratch.greatest[i]);
    const float greatest = unordered(firstGreatest(uvec2(most, 0)).x);
    const uint begin = gl_WorkGroupID.x * push.sliceSize, end = min(begin + push.sliceSize, rule.count);
    for (uint i = begin + thread; i < end; i += gl_WorkGroupSize.x) {
        const float logit = logits[i];
        precise float below = logit - greatest;
        precise float x = below * rule.scale;
        const bool counts = ordered(logit) > kLowest && ordered(x) >= ordered(-87.0);
        const float weight = counts ? expNegative(x) : 0.0;
        weights[i] = weight;
        const uint bits = floatBitsToUint(weight);
        if (push.selections > 0 && bits > 0)
            addToHistogram(bucketOf(bits, 0), countsTokens(0) ? 1ul : unitsOf(bits));
    }
    if (push.selections > 0) flushHistogram(0, 0);
}
