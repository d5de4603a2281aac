// Amounts by bits of the weight: of a workgroup in shared memory, then added to the vocabulary's. After a binding `amounts`.
#ifndef PONDER_LIB_SAMPLING_HISTOGRAM_GLSL
#define PONDER_LIB_SAMPLING_HISTOGRAM_GLSL

shared uint s_low[PONDER_SAMPLING_BUCKETS], s_high[PONDER_SAMPLING_BUCKETS];

void clearHistogram() {
    for (uint i = gl_LocalInvocationIndex; i < PONDER_SAMPLING_BUCKETS; i += gl_WorkGroupSize.x)
        s_low[i] = s_high[i] = 0;
    barrier();
}

// Words of 32 bits, as not every device adds longer ones at once; whoever makes the low word run over carries.
void addToHistogram(uint bucket, uint64_t amount) {
    const uint low = uint(amount);
    uint high = uint(amount >> 32);
    if (low != 0 && atomicAdd(s_low[bucket], low) > ~low) ++high;
    if (high != 0) atomicAdd(s_high[bucket], high);
}

void flushHistogram(uint selection, uint level) {
    barrier();
    const uint begin = (selection * PONDER_SAMPLING_LEVELS + level) * PONDER_SAMPLING_BUCKETS;
    for (uint i = gl_LocalInvocationIndex; i < PONDER_SAMPLING_BUCKETS; i += gl_WorkGroupSize.x) {
        const uint low = s_low[i];
        uint high = s_high[i];
        if (low != 0 && atomicAdd(amounts.low[begin + i], low) > ~low) ++high;
        if (high != 0) atomicAdd(amounts.high[begin + i], high);
    }
}
#endif
