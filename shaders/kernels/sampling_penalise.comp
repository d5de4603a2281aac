#version 460
// Penalises repetition in two passes: what the logits of the latest tokens become goes to where their weights will lie, then
// back. A token that occurs several times is penalised once, as each time the same number is written.
// push.level: 0 there, 1 back. Any number of workgroups.
#extension GL_GOOGLE_include_directive : require
#include "shaders/lib/sampling.glsl"
#include "shaders/shared/step_params.h"

layout(binding = 0, scalar) buffer Logits { float logits[]; };
layout(binding = 1, scalar) buffer Weights { float weights[]; };
layout(binding = 2, scalar) readonly buffer Rule { SamplingRule rule; };
layout(binding = 3, scalar) readonly buffer Step { StepParams params; };
layout(binding = 4, scalar) readonly buffer History { uint history[]; };

// a / b rounded to even, for positive a and b: Vulkan promises division to 2.5 units in the last place only.
float quotient(float a, float b) {
    uint aBits = floatBitsToUint(a), bBits = floatBitsToUint(b);
    if (aBits >= 0x7f800000u) return a;
    int aExponent = int(aBits >> 23), bExponent = int(bBits >> 23);
    uint aMantissa = aBits & 0x7fffffu, bMantissa = bBits & 0x7fffffu;
    if (aExponent > 0) aMantissa |= 0x800000u;
    if (bExponent > 0) bMantissa |= 0x800000u;
    if (aMantissa == 0 || bMantissa == 0) return a;
    const int aShift = 23 - findMSB(aMantissa), bShift = 23 - findMSB(bMantissa); // of denormal numbers
    aExponent = max(aExponent, 1) - aShift;
    bExponent = max(bExponent, 1) - bShift;
    const uint64_t numerator = uint64_t(aMantissa << aShift) << 26;
    const uint divisor = bMantissa << bShift;
    uint whole = uint(numerator / divisor); // 26 or 27 bits
    if (uint64_t(whole) * divisor != numerator) whole |= 1; // lies beyond: not half-way
    int exponent = aExponent - bExponent + 127;
    uint lost = 3;
    if (whole < 1u << 26) {
        lost = 2;
        --exponent;
    }
    if (exponent >= 255) return uintBitsToFloat(0x7f800000u);
    if (exponent < 1) { // denormal
        lost += uint(1 - exponent);
        if (lost > 28) return 0;
        exponent = 1; // and a mantissa below 2^23
    }
    const uint rounded = (whole + ((1u << (lost - 1)) - 1) + ((whole >> lost) & 1)) >> lost;
    if (rounded < 0x800000u) return uintBitsToFloat(rounded);
    return uintBitsToFloat((uint(exponent - 1) << 23) + rounded); // 2^24 carries into the exponent
}

void main() {
    const uint end = min(params.kv_length, uint(history.length()));
    const uint begin = end - min(end, rule.window);
    for (uint i = begin + gl_GlobalInvocationID.x; i < end; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        const uint token = history[i];
        if (token >= rule.count) continue;
        if (push.level == 0) {
            const float logit = logits[token];
            precise float product = logit * rule.penalty;
            weights[token] = ordered(logit) > 0x80000000u ? quotient(logit, rule.penalty) : product;
        } else {
            logits[token] = weights[token];
        }
    }
}
