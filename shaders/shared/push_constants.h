// Push constants, one struct a kernel family, written once for GLSL and C++. Addresses are device addresses. At most 128
// bytes each, which every device takes.
#ifndef PONDER_SHARED_PUSH_CONSTANTS_H
#define PONDER_SHARED_PUSH_CONSTANTS_H
#include "shaders/shared/types.h"
PONDER_SHARED_BEGIN

// --- attention and elementwise

struct RmsNormPush {
    uint64_t weight; // float [columns]
    uint columns;
    float eps;
};

struct GatedActPush {
    uint values;
};

struct RopeStorePush {
    uint64_t ropeTable; // float2 (cos, sin) [n_ctx][rope_dim / 2]
    uint layer;
    uint n_heads;
    uint n_kv_heads;
    uint head_dim;
    uint rope_dim;
    uint interleaved; // pairs are (2i, 2i + 1), else (i, i + rope_dim / 2)
};

struct AttentionPush { // attention_decode, attention_decode_merge, attention_prefill, attention_prefill_coopmat
    uint layer;
    uint n_heads;
    uint n_kv_heads;
    uint n;     // tokens; 1 when decoding
    uint parts; // decoding: the most that a sequence is split into
    float scale; // 1 / sqrt(head_dim)
};

PONDER_SHARED_END
#endif
