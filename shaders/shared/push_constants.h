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
    uint n;      // tokens; 1 when decoding
    uint parts;  // decoding: the most that a sequence is split into
    float scale; // 1 / sqrt(head_dim)
};

// --- matrix products

struct MatVecPush {    // rows of one segment of a weight
    uint64_t weight;   // its first row
    uint64_t bias;     // float [rows], or 0
    uint64_t codebook; // words of the IQ grids
    uint rowBytes;
    uint rows;
    uint columns;
    uint xStride;
    uint yStride;
    uint firstRow;   // where the segment's results go in y and bias
    uint accumulate; // add to what is in y
};

struct MatMulPush { // mat-mat, plain and cooperative
    uint64_t weight;
    uint64_t bias;
    uint64_t codebook;
    uint rowBytes;
    uint rows;
    uint columns;
    uint xStride;
    uint yStride;
    uint firstRow;
    uint accumulate;
    uint n;
};

struct GetRowsPush {
    uint64_t weight;
    uint64_t codebook;
    uint rowBytes;
    uint rows; // of the segment
    uint columns;
    uint firstRow; // of the segment: the first id that it holds
    uint n;
};

struct ToF16Push {
    uint columns;
    uint xStride;
    uint halfStride; // f16 values a row of the result: columns rounded up to 256, the rest zero
};

PONDER_SHARED_END
#endif
