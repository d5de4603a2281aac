// Ids of specialization constants: numbers that a kernel is compiled for when its pipeline is made.
#ifndef PONDER_SHARED_SPEC_IDS_H
#define PONDER_SHARED_SPEC_IDS_H

#define PONDER_SPEC_WORKGROUP 0 // invocations of a workgroup, as local_size_x_id

// --- attention
#define PONDER_SPEC_HEAD_DIM 16
#define PONDER_SPEC_HEADS 17    // decoding: query heads that one workgroup computes, 1 to 8
#define PONDER_SPEC_ROWS 18     // prefill: (token, query head) pairs of a workgroup
#define PONDER_SPEC_KEYS 19     // prefill: keys of a step
#define PONDER_SPEC_SUBGROUP 20 // prefill with cooperative matrices: invocations of a subgroup

#endif
