// What the kernels that choose a token share with the host: the settings of a pass, scratch memory, push constants.
#ifndef PONDER_SHARED_SAMPLING_H
#define PONDER_SHARED_SAMPLING_H
#include "shaders/shared/types.h"
PONDER_SHARED_BEGIN

// Settings, which lie in a buffer, so that a recording can be replayed with others. What they mean: inference/sampler.h.
struct SamplingRule {
    uint64_t seed;
    uint64_t topP; // share of the mass in units of 2^-53
    uint count;    // tokens to choose from
    uint greedy;   // the greatest, nothing drawn
    uint topK;     // tokens
    uint window;   // latest tokens whose repetition is penalised; 0: none
    uint forcedEnd; // at positions before this one the next pass takes the token of the history, whatever is chosen
    uint slot;         // of the results: where the choice goes; the next pass has the one after
    float scale;       // 1 / temperature
    float floorWeight; // min-p
    float penalty;
    uint reserved;
};

#define PONDER_SAMPLING_SLOTS 16u        // of the results
#define PONDER_SAMPLING_NONE 0xffffffffu // no logit is a number above minus infinity
#define PONDER_SAMPLING_SLICES 256u      // parts of a vocabulary, a workgroup each
#define PONDER_SAMPLING_BUCKETS 1024u    // ten bits of a weight a level, three levels
#define PONDER_SAMPLING_LEVELS 3u

// How far a selection (top-k, then top-p) has come down: of the weights whose leading bits are `key` the last that is kept is one.
struct SamplingLevel {
    uint64_t above;  // amount of what has greater bits
    uint64_t inside; // amount of what has these
    uint64_t target; // amount that is kept
    uint key;
    uint reserved;
};

struct SamplingScratch {
    uint greatest[PONDER_SAMPLING_SLICES]; // of each slice, in an order of whole numbers
    uint greatestAt[PONDER_SAMPLING_SLICES];
    uint64_t mass[PONDER_SAMPLING_SLICES]; // what is kept of each slice, without those that equal the last that is
    uint equals[PONDER_SAMPLING_SLICES];
    SamplingLevel levels[2 * PONDER_SAMPLING_LEVELS];
};

// Amounts by bits of the weight, low and high words: [selection][level][bucket]
struct SamplingAmounts {
    uint low[2 * PONDER_SAMPLING_LEVELS * PONDER_SAMPLING_BUCKETS];
    uint high[2 * PONDER_SAMPLING_LEVELS * PONDER_SAMPLING_BUCKETS];
};

struct SamplingPush {
    uint slices;    // of the vocabulary
    uint sliceSize; // tokens of each
    uint selection; // 0 or 1: the first or second that this choice makes
    uint level;
    uint counts;     // bits: selections that count tokens, others weigh them
    uint selections; // 0 to 2, of this choice
};

PONDER_SHARED_END
#endif
