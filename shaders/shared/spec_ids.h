// Ids of specialization constants: numbers that a kernel is compiled for when its pipeline is made.
#ifndef PONDER_SHARED_SPEC_IDS_H
#define PONDER_SHARED_SPEC_IDS_H

#define PONDER_SPEC_WORKGROUP 0 // invocations of a workgroup, as local_size_x_id

// --- attention
#define PONDER_SPEC_HEAD_DIM 16
#define PONDER_SPEC_HEADS 17     // decoding: query heads that one workgroup computes, 1 to 8
#define PONDER_SPEC_ROWS 18      // prefill: (token, query head) pairs of a workgroup
#define PONDER_SPEC_KEYS 19      // prefill: keys of a step
#define PONDER_SPEC_SUBGROUP 20  // prefill with cooperative matrices: invocations of a subgroup
#define PONDER_SPEC_VALUE_DIM 21 // latent attention: the first values of a key are the value
// Joining decoding's parts: values of a head that a workgroup computes.
#define PONDER_SPEC_MERGE_VALUES 22

// --- mixtures of experts
#define PONDER_SPEC_EXPERTS 24
#define PONDER_SPEC_PARTIAL 25 // not every expert is on the device: pairs of others are left out

// --- matrix products
#define PONDER_SPEC_LANES_PER_ROW 32 // mat-vec: invocations that share a row; a multiple of the subgroup size
#define PONDER_SPEC_ROWS_PER_LANE 33 // mat-vec: rows that each invocation works on
#define PONDER_SPEC_COLUMNS 34       // mat-vec: tokens
#define PONDER_SPEC_SUBGROUPS 35     // mat-vec: the most subgroups that a workgroup can have
#define PONDER_SPEC_ROW_ALIGNED 36   // formats without blocks: every row starts 16-byte aligned
#define PONDER_SPEC_X_ALIGNED 37     // rows of x are multiples of four floats
#define PONDER_SPEC_TILE_ROWS 38     // mat-mat: rows, tokens of a workgroup, and of one of its subgroups
#define PONDER_SPEC_TILE_TOKENS 39
#define PONDER_SPEC_SUBGROUP_ROWS 40
#define PONDER_SPEC_SUBGROUP_TOKENS 41
#define PONDER_SPEC_X_STRIDE \
    42 // mat-vec of rounded activations: blocks from one token to the next; 0: as push constants say
// Mat-vec of rounded activations that a norm's factor is still to be multiplied by: chunks of its squares (lib/norm_factor.glsl)
#define PONDER_SPEC_NORM_CHUNKS 43
#define PONDER_MOST_NORM_BLOCKS 1024 // of 16 values
#define PONDER_MOST_NORM_CHUNKS 256

#endif
