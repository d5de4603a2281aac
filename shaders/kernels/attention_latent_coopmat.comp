#version 460
// Latent attention (MLA), absorbed, over an f16 cache with cooperative matrices (KHR, EDGE x EDGE x EDGE, f16 products, float32
// sums): attention_latent.comp for keys of KEY_DIM values of which the first VALUE_DIM are the value too. One workgroup of
// SUBGROUPS subgroups a (EDGE rows, part of the keys); a row is a (token, head) pair, and EDGE divides n_heads, so that all rows
// of a workgroup are of one token and see the same keys. Causal: token t sees the keys up to params.position + t.
// Subgroups share the columns: each multiplies a quarter of Q's, which stay in its registers, with the same of K, the partial
// scores are added up through shared memory, and then each multiplies the weights with a quarter of the values. So a step's keys
// lie in shared memory once, for scores and sums alike. The next step's are fetched into registers while this one is computed.
// Parts: workgroups along y share the keys; each leaves an unnormalised sum, its maximum and its sum of weights for
// attention_decode_merge. One part: results are whole.
// The workgroup is SUBGROUPS * kSubgroup invocations, kSubgroup a power of two from EDGE to 4 EDGE, required by subgroup size
// control or the device's only one (latent_attention_plan sees to it).
//
// Sums live in matrices whose layout is the driver's: as in attention_prefill_coopmat.comp rows are shrunk by a matrix of
// factors, and only when a maximum has grown by more than kSlack.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
#extension GL_KHR_cooperative_matrix : require
#extension GL_KHR_memory_scope_semantics : require
#extension GL_KHR_shader_subgroup_shuffle : require
#extension GL_KHR_shader_subgroup_vote : require
#include "shaders/lib/attention_parts.glsl"
#include "shaders/lib/kv_cache.glsl"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

#ifndef EDGE
#define EDGE 16
#endif
#define KEY_DIM 576
#define VALUE_DIM 512
#define SUBGROUPS 4
#define ROWS EDGE
#define KEYS (2 * EDGE) // of a step; divides DECODE_KEYS
#define CHUNKS (KEY_DIM / 8)
#define QUERY_MATRICES (KEY_DIM / EDGE / SUBGROUPS) // of a subgroup
#define VALUE_MATRICES (VALUE_DIM / EDGE / SUBGROUPS)
layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(constant_id = PONDER_SPEC_SUBGROUP) const uint kSubgroup = 32;
layout(binding = 0, scalar) readonly buffer Queries { vec4 q[]; };        // [n][n_heads][KEY_DIM]
layout(binding = 1, scalar) writeonly buffer Result { float result[]; };  // [n][n_heads][parts][VALUE_DIM]
layout(binding = 2, scalar) writeonly buffer Weights { vec2 weights[]; }; // [n][n_heads][parts]: maximum, sum
layout(binding = 3, scalar) readonly buffer Params { StepParams params; };
layout(binding = 4, scalar) readonly buffer Table { uint64_t blocks[]; };
layout(push_constant, scalar) uniform Push { AttentionPush push; };

const uint kThreads = SUBGROUPS * kSubgroup;
const uint kFetches = KEYS * CHUNKS / kThreads; // chunks that an invocation fetches a step
const uint kRowThreads = kThreads / ROWS;       // that share a row's softmax; they are of one subgroup
const uint kRowLanes = kRowThreads < KEYS / 4 ? kRowThreads : KEYS / 4; // more invocations do the same again
const uint kLaneQuads = KEYS / 4 / kRowLanes;
const float kMasked = -3.0e38; // below every score, and its exponential is 0
const float kSlack = 6.0;      // weights up to 2^6: far from the end of f16, with the same relative error
const float kLog2E = 1.44269504, kLn2 = 0.693147181;

// Padded by 16 bytes against bank conflicts.
#define KEY_STRIDE (CHUNKS + 1)
#define SCORE_STRIDE (KEYS / 4 + 1)
#define WEIGHT_STRIDE (KEYS / 4 + 2)
shared uvec4 s_keys[KEYS * KEY_STRIDE]; // eight halves each; at first Q
// Each subgroup's part of the scores. When they are added up, the first's place takes the rows' factors, one a row repeated over
// the columns of a matrix, and its padding whether the rows of a subgroup have grown.
shared vec4 s_scores[SUBGROUPS * ROWS * SCORE_STRIDE];
shared f16vec4 s_weights[ROWS * WEIGHT_STRIDE];
#define GROWN(subgroup) s_scores[(subgroup) * (ROWS / SUBGROUPS) * SCORE_STRIDE + KEYS / 4].x

#define ROW_MATRIX coopmat<float16_t, gl_ScopeSubgroup, EDGE, EDGE, gl_MatrixUseA>
#define KEY_MATRIX coopmat<float16_t, gl_ScopeSubgroup, EDGE, EDGE, gl_MatrixUseB>
#define SUM_MATRIX coopmat<float, gl_ScopeSubgroup, EDGE, EDGE, gl_MatrixUseAccumulator>

// What a row is multiplied with, by the invocations that share it. A barrier must follow before it is loaded.
void storeFactor(uint row, uint lane, float factor) {
    for (uint i = lane; i < EDGE / 4; i += kRowLanes) s_scores[row * SCORE_STRIDE + i] = vec4(factor);
}
SUM_MATRIX loadFactors() {
    SUM_MATRIX factors;
    coopMatLoad(factors, s_scores, 0, SCORE_STRIDE, gl_CooperativeMatrixLayoutRowMajor);
    return factors;
}

void main() {
    const uint thread = gl_SubgroupID * kSubgroup + gl_SubgroupInvocationID;
    const uint firstRow = gl_WorkGroupID.x * ROWS, part = gl_WorkGroupID.y;
    uint begin = 0, end = params.position + firstRow / push.n_heads + 1;
    if (push.parts > 1) {
        const uint share = keysOfPart(params.kv_length, push.parts);
        begin = part * share;
        if (begin >= params.kv_length) return;
        end = min(begin + share, end); // of several tokens the first may see nothing of the last part
    }

    const uint firstColumn = gl_SubgroupID * QUERY_MATRICES * (EDGE / 8); // in units of eight
    const uint firstValue = gl_SubgroupID * VALUE_MATRICES * EDGE;
    const uint row = thread / kRowThreads, lane = thread % kRowThreads % kRowLanes;
    float largest = kMasked, total = 0; // of the invocation's row; `total` of the lane's keys
    ROW_MATRIX queries[QUERY_MATRICES];
    SUM_MATRIX sums[VALUE_MATRICES];
    [[unroll]] for (uint c = 0; c < VALUE_MATRICES; ++c) sums[c] = SUM_MATRIX(0.0);

    uvec4 fetched[kFetches];
    for (uint first = begin, step = 0; first < end + KEYS; first += KEYS, ++step) {
        // Step n stores what step n - 1 fetched, fetches its own and computes what was stored; the first brings in Q instead.
        if (step > 0) {
            [[unroll]] for (uint j = 0; j < kFetches; ++j) {
                const uint i = thread + j * kThreads;
                s_keys[i / CHUNKS * KEY_STRIDE + i % CHUNKS] = fetched[j];
            }
            barrier();
        }
        if (first < end) {
            KvChunks keys = KvChunks(latentLayerAddress(blocks[first / PONDER_KV_BLOCK], push.layer, KEY_DIM));
            [[unroll]] for (uint j = 0; j < kFetches; ++j) {
                const uint i = thread + j * kThreads;
                const uint key = min(first + i / CHUNKS, end - 1); // beyond may be NaN: the last one again, masked
                fetched[j] = keys.chunks[key % PONDER_KV_BLOCK * CHUNKS + i % CHUNKS];
            }
        }
        if (step == 0) {
            // Scaled before it is rounded to f16; by log2(e) too, so that weights are powers of two.
            const float scale = push.scale * kLog2E;
            for (uint i = thread; i < ROWS * CHUNKS; i += kThreads) {
                const uint from = firstRow * (KEY_DIM / 4) + 2 * i;
                const vec4 low = q[from] * scale, high = q[from + 1] * scale;
                s_keys[i / CHUNKS * KEY_STRIDE + i % CHUNKS] =
                    uvec4(packHalf2x16(low.xy), packHalf2x16(low.zw), packHalf2x16(high.xy), packHalf2x16(high.zw));
            }
            barrier();
            [[unroll]] for (uint c = 0; c < QUERY_MATRICES; ++c)
                coopMatLoad(queries[c], s_keys, firstColumn + c * (EDGE / 8), KEY_STRIDE,
                            gl_CooperativeMatrixLayoutRowMajor);
            barrier();
            continue;
        }
        const uint firstKey = first - KEYS;

        SUM_MATRIX products[KEYS / EDGE];
        [[unroll]] for (uint k = 0; k < KEYS / EDGE; ++k) products[k] = SUM_MATRIX(0.0);
        [[unroll]] for (uint c = 0; c < QUERY_MATRICES; ++c) {
            [[unroll]] for (uint k = 0; k < KEYS / EDGE; ++k) {
                KEY_MATRIX keyMatrix; // [column][key]
                coopMatLoad(keyMatrix, s_keys, k * EDGE * KEY_STRIDE + firstColumn + c * (EDGE / 8), KEY_STRIDE,
                            gl_CooperativeMatrixLayoutColumnMajor);
                products[k] = coopMatMulAdd(queries[c], keyMatrix, products[k]);
            }
        }
        [[unroll]] for (uint k = 0; k < KEYS / EDGE; ++k)
            coopMatStore(products[k], s_scores, gl_SubgroupID * ROWS * SCORE_STRIDE + k * EDGE / 4, SCORE_STRIDE,
                         gl_CooperativeMatrixLayoutRowMajor);
        barrier();

        vec4 scores[kLaneQuads];
        float most = kMasked;
        [[unroll]] for (uint j = 0; j < kLaneQuads; ++j) {
            const uint at = lane + j * kRowLanes;
            vec4 score = vec4(0);
            [[unroll]] for (uint s = 0; s < SUBGROUPS; ++s) score += s_scores[(s * ROWS + row) * SCORE_STRIDE + at];
            const uvec4 key = firstKey + at * 4 + uvec4(0, 1, 2, 3);
            scores[j] = mix(score, vec4(kMasked), greaterThanEqual(key, uvec4(end)));
            most = max(most, max(max(scores[j].x, scores[j].y), max(scores[j].z, scores[j].w)));
        }
        for (uint o = 1; o < kRowLanes; o *= 2) most = max(most, subgroupShuffleXor(most, o));
        const bool grown = most > largest + kSlack;
        const float shrink = grown ? exp2(largest - most) : 1;
        if (grown) largest = most;
        total *= shrink;
        [[unroll]] for (uint j = 0; j < kLaneQuads; ++j) {
            const f16vec4 weight = f16vec4(exp2(scores[j] - largest));
            total += dot(vec4(weight), vec4(1)); // of what is multiplied, so that rounding cancels
            s_weights[row * WEIGHT_STRIDE + lane + j * kRowLanes] = weight;
        }
        const bool anyGrown = subgroupAny(grown);
        subgroupBarrier(); // every lane has read its row's scores
        storeFactor(row, lane, shrink);
        if (gl_SubgroupInvocationID == 0) GROWN(gl_SubgroupID) = anyGrown ? 1 : 0;
        barrier();

        float changes = 0;
        [[unroll]] for (uint s = 0; s < SUBGROUPS; ++s) changes += GROWN(s);
        if (changes > 0) {
            const SUM_MATRIX factors = loadFactors();
            [[unroll]] for (uint c = 0; c < VALUE_MATRICES; ++c) sums[c] = sums[c] * factors;
        }
        [[unroll]] for (uint k = 0; k < KEYS / EDGE; ++k) {
            ROW_MATRIX weightMatrix;
            coopMatLoad(weightMatrix, s_weights, k * EDGE / 4, WEIGHT_STRIDE, gl_CooperativeMatrixLayoutRowMajor);
            [[unroll]] for (uint c = 0; c < VALUE_MATRICES; ++c) {
                KEY_MATRIX valueMatrix; // [key][value]
                coopMatLoad(valueMatrix, s_keys, k * EDGE * KEY_STRIDE + firstValue / 8 + c * (EDGE / 8), KEY_STRIDE,
                            gl_CooperativeMatrixLayoutRowMajor);
                sums[c] = coopMatMulAdd(weightMatrix, valueMatrix, sums[c]);
            }
        }
        barrier(); // before the next step's keys and scores take the place of these
    }

    for (uint o = 1; o < kRowLanes; o *= 2) total += subgroupShuffleXor(total, o);
    if (push.parts > 1) {
        if (lane == 0) weights[(firstRow + row) * push.parts + part] = vec2(largest * kLn2, total);
    } else {
        storeFactor(row, lane, 1 / total);
        barrier();
        const SUM_MATRIX factors = loadFactors();
        [[unroll]] for (uint c = 0; c < VALUE_MATRICES; ++c) sums[c] = sums[c] * factors;
    }
    [[unroll]] for (uint c = 0; c < VALUE_MATRICES; ++c)
        coopMatStore(sums[c], result, (firstRow * push.parts + part) * VALUE_DIM + firstValue + c * EDGE,
                     push.parts * VALUE_DIM, gl_CooperativeMatrixLayoutRowMajor);
}
