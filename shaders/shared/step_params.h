// What changes from pass to pass, in one small buffer that kernels read, so that a recorded pass can be replayed.
#ifndef PONDER_SHARED_STEP_PARAMS_H
#define PONDER_SHARED_STEP_PARAMS_H
#include "shaders/shared/types.h"
PONDER_SHARED_BEGIN

// Tokens of one pass are consecutive positions of one sequence.
struct StepParams {
    uint position;  // of the first token of the pass
    uint n_tokens;  // tokens of the pass
    uint kv_length; // position + n_tokens: keys that exist after this pass has written its own
    uint reserved;
};

// Behind it in a buffer of its own: the block table of the sequence, uint64_t device addresses, one a block of
// PONDER_KV_BLOCK tokens. A block holds, layer after layer, K then V: [layer][2][PONDER_KV_BLOCK][n_kv_heads * head_dim],
// f16 or f32. Of latent attention: [layer][PONDER_KV_BLOCK][kv_lora_rank + rope_dim].
// With 8 bits a plane is two: int8 [PONDER_KV_BLOCK][n_kv_heads * head_dim], in which -128 does not occur, then of each
// PONDER_KV_SCALED values that follow each other an f16: the greatest of their sizes * 128 / 127, at least 2^-14, 1/128 of which
// a number is multiplied with. (So it is a normal f16 of all that f16 itself would keep well.) Rotated first, then rounded to
// nearest. head_dim is a multiple of PONDER_KV_SCALED. What it takes, for the host: inference/cache_format.h.
#define PONDER_KV_BLOCK 256
#define PONDER_KV_SCALED 32

PONDER_SHARED_END
#endif
