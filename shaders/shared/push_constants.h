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
    uint xStride; // between rows
    uint yStride;
    float eps;
};

struct GatedActPush {
    uint values;
    uint columns; // of a row, where the result is rounded as well
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

struct AttentionDecodePush {
    uint64_t ropeTable; // as above
    uint layer;
    uint n_heads;
    uint n_kv_heads;
    uint rope_dim;
    uint interleaved;
    uint parts;  // the most that a sequence is split into
    float scale; // 1 / sqrt(head_dim)
};

struct AttentionPush { // attention_decode_merge, attention_prefill, attention_prefill_coopmat
    uint layer;
    uint n_heads;
    uint n_kv_heads;
    uint n;      // tokens; 1 when decoding
    uint parts;  // decoding: the most that a sequence is split into
    float scale; // 1 / sqrt(head_dim)
};

// --- latent attention (MLA)

struct LatentStorePush {
    uint64_t ropeTable;  // float2 (cos, sin) [n_ctx][rope_dim / 2]
    uint64_t normWeight; // float [kv_lora_rank]
    uint layer;
    uint n_heads;
    uint head_dim; // of a query: unrotated values, then rope_dim rotated ones
    uint rope_dim;
    uint kv_lora_rank;
    uint interleaved;
    float eps;
};

struct UnpackHeadsPush {
    uint64_t table;    // device addresses of each head's first row
    uint64_t codebook; // words of the IQ grids
    uint rowBytes;
    uint rows; // of a head
    uint columns;
    uint transposed; // rows are of the latent, else columns are
};

struct ExpandPush { // latent_expand
    uint layer;
    uint n_heads;
    uint keyDim; // of a key in the cache: kv_lora_rank + rope_dim
    uint kv_lora_rank;
    uint firstKey; // of the piece
    uint pieceKeys;
};

struct ExpandedAttentionPush {
    uint layer;
    uint n_heads;
    uint keyDim; // as above, and of a row of rotated queries
    uint n;      // tokens
    uint firstKey;
    uint pieceKeys;
    float scale;
};

// --- mixtures of experts

struct RouterPush {
    uint64_t bias; // float [experts], added to choose and not to weigh; or 0
    uint n_experts;
    uint n_used;
    uint groups;
    uint groupsUsed;
    uint sigmoid;   // scores are sigmoids, else a softmax
    uint topTwo;    // a group's score is the sum of its two greatest, else its greatest
    uint normalise; // weights are divided by their sum
    float scale;    // and multiplied by this
};

struct SortExpertsPush {
    uint pairs;
    uint n_experts;
};

struct SplitExpertsPush {
    uint64_t table; // device addresses of each expert, 0: not here
    uint64_t taken; // how many of so many missing ones the device reads from host memory, four bits each; 0 of several tokens
    uint pairs;
    uint n_experts;
};

struct CombinePush {
    uint columns;
    uint n_used;
};

struct ExpertsPush { // matvec_experts, matmul_experts, matmul_coopmat_experts, matvec_transposed
    uint64_t table;  // device addresses of each expert's first row
    uint64_t codebook;
    uint rowBytes;
    uint rows; // of one expert
    uint columns;
    uint xStride;
    uint yStride;
    uint n;        // tokens
    uint slots;    // pairs of a token
    uint xPerPair; // x has a row for each (token, slot) pair, else for each token
    uint experts;
    uint routed; // the router chose each pair's expert, else it is the slot (heads)
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

struct Int8MatVecPush { // the same of rounded activations
    uint64_t weight;
    uint64_t bias;
    uint64_t codebook;
    uint64_t x; // int8_layout.glsl
    uint64_t xScales;
    uint64_t norm; // lib/normed_x.glsl; unused where there is no such factor
    uint rowBytes;
    uint rows;
    uint columns;
    uint yStride;
    uint firstRow;
    uint accumulate;
    float eps;
};

struct GatedMatVecPush { // gated_int8
    uint64_t gate;       // first rows
    uint64_t up;
    uint64_t codebook;
    uint64_t x;
    uint64_t xScales;
    uint64_t norm;
    uint rowBytes;
    uint rows;
    uint columns;
    float eps;
};

struct ResidualMatVecPush { // residual_int8
    uint64_t weight;
    uint64_t bias;
    uint64_t codebook;
    uint64_t x;
    uint64_t xScales;
    uint64_t normWeight; // float [rows], of the norm behind
    uint rowBytes;
    uint rows;
    uint columns;
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

struct MatMulJoinPush {
    uint64_t bias;
    uint rows; // of the segment
    uint splits;
    uint yStride;
    uint firstRow;
    uint accumulate;
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
    uint rows;
};

struct ToInt8Push {
    uint columns;
    uint xStride;
};

PONDER_SHARED_END
#endif
