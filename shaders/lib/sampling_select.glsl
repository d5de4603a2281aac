// One level of a selection: in which bucket the last weight that is kept lies. After bindings `scratch` and `amounts`.
#ifndef PONDER_LIB_SAMPLING_SELECT_GLSL
#define PONDER_LIB_SAMPLING_SELECT_GLSL

uint64_t amountIn(uint selection, uint level, uint bucket) {
    const uint at = (selection * PONDER_SAMPLING_LEVELS + level) * PONDER_SAMPLING_BUCKETS + bucket;
    return uint64_t(amounts.high[at]) << 32 | amounts.low[at];
}

// How much of `total` a selection keeps. The second one weighs what the first has counted out: of equals at its end all are in the
// total but only some are kept.
uint64_t targetOf(uint selection, uint64_t total, SamplingRule rule) {
    if (countsTokens(selection)) return uint64_t(min(rule.topK, uint(total)));
    if (selection > 0) {
        const SamplingLevel counted = scratch.levels[PONDER_SAMPLING_LEVELS - 1];
        total -= (counted.inside - (counted.target - counted.above)) * unitsOf(counted.key);
    }
    bool rest;
    const uint64_t share = timesShare(rule.topP, total, rest);
    return share + uint64_t(rest || share == 0); // at least the greatest
}

shared uint s_bucket;
shared uint64_t s_above, s_inside;

// From the amounts of a level; all invocations must call it.
SamplingLevel descended(uint selection, uint level, SamplingRule rule) {
    const uint perThread = PONDER_SAMPLING_BUCKETS / gl_WorkGroupSize.x;
    const uint first = PONDER_SAMPLING_BUCKETS - 1 - gl_LocalInvocationIndex * perThread; // then downwards
    uint64_t sum = 0;
    if (gl_LocalInvocationIndex == 0) { // stays where there is nothing to select from
        s_bucket = 0;
        s_above = s_inside = 0;
    }
    for (uint i = 0; i < perThread; ++i) sum += amountIn(selection, level, first - i);
    const uint64_t through = scanned(sum);
    SamplingLevel result;
    if (level == 0) {
        result.above = 0;
        result.key = 0;
        result.target = targetOf(selection, scannedTotal(), rule);
    } else {
        result = scratch.levels[selection * PONDER_SAMPLING_LEVELS + level - 1];
    }
    if (result.above + through - sum < result.target && result.target <= result.above + through) {
        uint64_t above = result.above + through - sum;
        uint bucket = first;
        for (; bucket > first + 1 - perThread && above + amountIn(selection, level, bucket) < result.target; --bucket)
            above += amountIn(selection, level, bucket);
        s_bucket = bucket;
        s_above = above;
        s_inside = amountIn(selection, level, bucket);
    }
    barrier();
    result.above = s_above;
    result.inside = s_inside;
    result.key |= s_bucket << (20 - 10 * level);
    result.reserved = 0;
    return result;
}
#endif
