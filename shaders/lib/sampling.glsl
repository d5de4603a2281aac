// What the kernels that choose a token have in common. Sums are whole numbers, so they are the same in any order, on any device and
// in inference/sampler.cpp, which these kernels follow to the bit.
#ifndef PONDER_LIB_SAMPLING_GLSL
#define PONDER_LIB_SAMPLING_GLSL
#include "shaders/shared/sampling.h"
#include "shaders/shared/spec_ids.h"

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in; // a power of two up to 256
layout(push_constant, scalar) uniform Push { SamplingPush push; };

shared uint64_t s_scan[256];

// Inclusive sum over the invocations, in their order. All must call it; s_scan holds all sums until the next call.
uint64_t scanned(uint64_t value) {
    const uint thread = gl_LocalInvocationIndex;
    barrier(); // the last sums have been read
    s_scan[thread] = value;
    barrier();
    for (uint step = 1; step < gl_WorkGroupSize.x; step *= 2) {
        const uint64_t before = thread >= step ? s_scan[thread - step] : 0ul;
        barrier();
        value += before;
        s_scan[thread] = value;
        barrier();
    }
    return value;
}
uint64_t scannedTotal() { return s_scan[gl_WorkGroupSize.x - 1]; }

shared uint s_most[256], s_mostAt[256];

// The greatest and the lowest place that has it, of pairs of all invocations.
uvec2 firstGreatest(uvec2 pair) {
    const uint thread = gl_LocalInvocationIndex;
    s_most[thread] = pair.x;
    s_mostAt[thread] = pair.y;
    barrier();
    for (uint step = gl_WorkGroupSize.x / 2; step > 0; step /= 2) {
        if (thread < step) {
            const uint other = s_most[thread + step], at = s_mostAt[thread + step];
            if (other > s_most[thread] || other == s_most[thread] && at < s_mostAt[thread]) {
                s_most[thread] = other;
                s_mostAt[thread] = at;
            }
        }
        barrier();
    }
    return uvec2(s_most[0], s_mostAt[0]);
}

// Numbers as whole numbers in the same order; both zeros are one, what is not a number comes before all. By bits, as drivers may
// compare as if there were no such thing.
const uint kLowest = 0x007fffffu; // minus infinity
const uint kInfinity = 0xff800000u;
uint ordered(float value) {
    uint bits = floatBitsToUint(value);
    if ((bits & 0x7fffffffu) > 0x7f800000u) return 0;
    if (bits == 0x80000000u) bits = 0;
    return (bits & 0x80000000u) != 0 ? ~bits : bits | 0x80000000u;
}
float unordered(uint key) { return uintBitsToFloat((key & 0x80000000u) != 0 ? key & 0x7fffffffu : ~key); }

// A weight of at most 1 in units of 2^-44, rounded to even.
uint64_t unitsOf(uint weightBits) {
    const int shift = int(weightBits >> 23) - 106; // 127 + 23 - 44
    const uint mantissa = (weightBits & 0x7fffffu) | 0x800000u;
    if (shift >= 0) return uint64_t(mantissa) << shift;
    if (shift < -25) return 0ul;
    const uint lost = uint(-shift);
    return uint64_t((mantissa + ((1u << (lost - 1)) - 1) + ((mantissa >> lost) & 1)) >> lost);
}

// a b / 2^53 and whether something is left of it; a is at most 2^53.
uint64_t timesShare(uint64_t a, uint64_t b, out bool rest) {
    const uint64_t word = 0xfffffffful;
    const uint64_t low = (a & word) * (b & word), cross = (a >> 32) * (b & word), other = (a & word) * (b >> 32);
    const uint64_t middle = (low >> 32) + (cross & word) + (other & word);
    const uint64_t upper = (a >> 32) * (b >> 32) + (cross >> 32) + (other >> 32) + (middle >> 32);
    const uint64_t lower = (middle << 32) | (low & word);
    rest = (lower & 0x1ffffffffffffful) != 0;
    return (upper << 11) | (lower >> 53);
}

// Of a selection: whether it counts tokens or weighs them; which of a level's amounts a weight adds to.
bool countsTokens(uint selection) { return (push.counts >> selection & 1) != 0; }
uint bucketOf(uint weightBits, uint level) { return weightBits >> (20 - 10 * level) & (PONDER_SAMPLING_BUCKETS - 1); }

// What remains of a choice when its selections have been made: greater weights than `last`, and the first `equals` of its own.
// Tokens are counted in 32 bits, and nothing here takes the lesser or greater of longer numbers: compiled for an H100 (driver
// 580.159) min() of two gave the second one whatever the first, depending on the size of the workgroup and what was unrolled.
struct Kept {
    uint last;
    uint equals;
    uint floorBits;
};
bool isKept(Kept kept, uint weightBits) { return weightBits > kept.last && weightBits >= kept.floorBits; }
bool isEqual(Kept kept, uint weightBits) {
    return weightBits == kept.last && kept.equals > 0 && weightBits >= kept.floorBits;
}
Kept keptOf(SamplingLevel level, bool counts, float floorWeight) {
    const uint64_t left = level.target - level.above, units = counts ? 1ul : unitsOf(level.key);
    const uint64_t one = units + uint64_t(units == 0);
    return Kept(level.key, uint((left + one - 1) / one), floatBitsToUint(floorWeight));
}
#endif
