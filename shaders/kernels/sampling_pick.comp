#version 460
// The choice: the greatest, or the token at which the kept mass, in the order of tokens, passes a random share of itself. It goes to
// the results, and what the next pass reads is made ready. One workgroup; no more slices than it has invocations.
#extension GL_GOOGLE_include_directive : require
#include "shaders/lib/sampling.glsl"
#include "shaders/shared/step_params.h"

layout(binding = 0, scalar) readonly buffer Weights { float weights[]; };
layout(binding = 1, scalar) buffer Rule { SamplingRule rule; };
layout(binding = 2, scalar) buffer Scratch { SamplingScratch scratch; };
layout(binding = 3, scalar) buffer Step { StepParams params; };
layout(binding = 4, scalar) writeonly buffer Ids { uint ids[]; };
layout(binding = 5, scalar) buffer History { uint history[]; };
layout(binding = 6, scalar) writeonly buffer Results { uint results[]; };

// 53 bits; inference/sampler.h says by whom.
uint64_t uniformAt(uint64_t seed, uint position) {
    uvec4 counter = uvec4(position, 0, 0, 0);
    uvec2 key = uvec2(uint(seed), uint(seed >> 32));
    for (int i = 0; i < 10; ++i) {
        const uint64_t a = uint64_t(0xD2511F53u) * counter.x, b = uint64_t(0xCD9E8D57u) * counter.z;
        counter = uvec4(uint(b >> 32) ^ counter.y ^ key.x, uint(b), uint(a >> 32) ^ counter.w ^ key.y, uint(a));
        key += uvec2(0x9E3779B9u, 0xBB67AE85u);
    }
    return (uint64_t(counter.y) << 32 | counter.x) >> 11;
}

shared uint s_slice, s_token, s_equalsBefore;
shared uint64_t s_left;

// Whose part of the mass, as many of its equals as are kept with it, passes `left`, and what is left of that and how many equals
// came before: one invocation is it.
bool passes(Kept kept, uint64_t mass, uint equals, uint equalsBefore, bool first, uint64_t share, inout uint64_t left,
            out uint equalsHere) {
    equalsHere = equalsBefore + uint(scanned(equals)) - equals;
    const uint room = kept.equals - min(kept.equals, equalsHere);
    mass += min(room, equals) * unitsOf(kept.last);
    const uint64_t before = scanned(mass) - mass;
    bool rest;
    if (first) left = timesShare(share, scannedTotal(), rest);
    const bool here = before <= left && left < before + mass;
    left -= before;
    return here;
}

uint drawn() {
    const uint thread = gl_LocalInvocationIndex;
    Kept kept = Kept(0, 0, floatBitsToUint(rule.floorWeight));
    if (push.selections > 0) {
        const uint selection = push.selections - 1;
        kept = keptOf(scratch.levels[selection * PONDER_SAMPLING_LEVELS + PONDER_SAMPLING_LEVELS - 1], countsTokens(selection),
                      rule.floorWeight);
    }
    const bool mine = thread < push.slices;
    uint64_t left = 0;
    uint equalsBefore = 0;
    if (passes(kept, mine ? scratch.mass[thread] : 0ul, mine ? scratch.equals[thread] : 0, 0, true,
               uniformAt(rule.seed, params.kv_length), left, equalsBefore)) {
        s_slice = thread;
        s_left = left;
        s_equalsBefore = equalsBefore;
    }
    barrier();
    const uint share = (push.sliceSize + gl_WorkGroupSize.x - 1) / gl_WorkGroupSize.x;
    const uint sliceEnd = min((s_slice + 1) * push.sliceSize, rule.count);
    const uint begin = min(s_slice * push.sliceSize + thread * share, sliceEnd), end = min(begin + share, sliceEnd);
    uint64_t mass = 0;
    uint equals = 0;
    for (uint i = begin; i < end; ++i) {
        const uint bits = floatBitsToUint(weights[i]);
        if (isKept(kept, bits)) mass += unitsOf(bits);
        if (isEqual(kept, bits)) ++equals;
    }
    left = s_left;
    if (passes(kept, mass, equals, s_equalsBefore, false, 0ul, left, equalsBefore)) {
        for (uint i = begin; i < end; ++i) {
            const uint bits = floatBitsToUint(weights[i]);
            uint64_t here = isKept(kept, bits) ? unitsOf(bits) : 0ul;
            if (isEqual(kept, bits) && equalsBefore++ < kept.equals) here = unitsOf(bits);
            if (left < here) {
                s_token = i;
                break;
            }
            left -= here;
        }
    }
    barrier();
    return s_token;
}

void main() {
    const uint thread = gl_LocalInvocationIndex;
    uvec2 best = uvec2(0, ~0u);
    if (thread < push.slices) best = uvec2(scratch.greatest[thread], scratch.greatestAt[thread]);
    best = firstGreatest(best);
    uint token = best.y;
    if (best.x <= kLowest)
        token = PONDER_SAMPLING_NONE;
    else if (rule.greedy == 0 && best.x < kInfinity)
        token = drawn();
    if (thread != 0) return;
    const uint position = params.kv_length;
    results[rule.slot] = token;
    uint next = token == PONDER_SAMPLING_NONE ? 0 : token; // a pass behind nothing is thrown away
    if (position < history.length()) {
        if (position < rule.forcedEnd)
            next = history[position];
        else if (rule.window > 0)
            history[position] = next;
    }
    rule.slot = (rule.slot + 1) % PONDER_SAMPLING_SLOTS;
    ids[0] = next;
    params.position = position;
    params.n_tokens = 1;
    params.kv_length = position + 1;
}
