#version 460
// Latent attention, expanded: flash attention of many tokens, every head with keys and values of its own, over one piece of the
// sequence's keys; as attention_prefill_coopmat.comp, whose comments hold here too, but for where keys and values come from.
// A key is KEY_DIM values: its head's NOPE, which latent_expand_coopmat.comp made, then ROPE that all heads share and the
// cache has. A value is VALUE_DIM. One workgroup of SUBGROUPS subgroups a (ROWS tokens, head). Any n.
// The pieces of a sequence are taken one after the other: what does not see the last of its keys in this piece leaves its sums
// as they are, with their maximum and sum of weights, and the next piece goes on from there. Workgroups whose tokens see
// nothing of the piece end at once, so that one recording serves every length.
// Pieces: multiples of PONDER_KV_BLOCK. The workgroup is SUBGROUPS * kSubgroup invocations.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
#extension GL_KHR_cooperative_matrix : require
#extension GL_KHR_memory_scope_semantics : require
#extension GL_KHR_shader_subgroup_shuffle : require
#extension GL_KHR_shader_subgroup_vote : require
#include "shaders/lib/kv_cache.glsl"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

#ifndef EDGE
#define EDGE 16
#endif
#define NOPE 128
#define ROPE 64
#define KEY_DIM (NOPE + ROPE)
#define VALUE_DIM 128
#define SUBGROUPS 4
#define ROWS (SUBGROUPS * EDGE)
#define KEYS (2 * EDGE) // of a step; divides PONDER_KV_BLOCK
#define NOPE_CHUNKS (NOPE / 8)
#define ROPE_CHUNKS (ROPE / 8)
#define VALUE_CHUNKS (VALUE_DIM / 8)
#define KEY_MATRICES (KEY_DIM / EDGE)
#define VALUE_MATRICES (VALUE_DIM / EDGE)
layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(constant_id = PONDER_SPEC_SUBGROUP) const uint kSubgroup = 32;
layout(binding = 0, scalar) readonly buffer Queries { vec4 q[]; };        // [n][n_heads][KEY_DIM]; the first NOPE are read
layout(binding = 1, scalar) readonly buffer Rotated { vec4 rotated[]; };  // [n][n_heads][keyDim]; the last ROPE are read
layout(binding = 2, scalar) readonly buffer Expanded { uvec4 expanded[]; }; // f16 [keys, values][head][pieceKeys][NOPE]
layout(binding = 3, scalar) buffer Result { vec4 result[]; };             // [n][n_heads][VALUE_DIM]
layout(binding = 4, scalar) buffer Weights { vec2 weightsSoFar[]; };      // [n][n_heads]: maximum, sum
layout(binding = 5, scalar) readonly buffer Params { StepParams params; };
layout(binding = 6, scalar) readonly buffer Table { uint64_t blocks[]; };
layout(push_constant, scalar) uniform Push { ExpandedAttentionPush push; };

const uint kThreads = SUBGROUPS * kSubgroup;
const uint kNopeFetches = KEYS * NOPE_CHUNKS / kThreads; // chunks that an invocation fetches a step
const uint kRopeFetches = KEYS * ROPE_CHUNKS / kThreads;
const uint kValueFetches = KEYS * VALUE_CHUNKS / kThreads;
const uint kRowLanes = kSubgroup / EDGE; // of a row's softmax
const uint kLaneQuads = KEYS / 4 / kRowLanes;
const float kMasked = -3.0e38; // below every score, and its exponential is 0
const float kSlack = 6.0;      // weights up to 2^6: far from the end of f16, with the same relative error

// Strides in units of four values; padded by 8 halves or 4 floats against bank conflicts.
#define KEY_STRIDE (KEY_DIM / 4 + 2)
#define VALUE_STRIDE (VALUE_DIM / 4 + 2)
#define FIRST_VALUE (KEYS * KEY_STRIDE)
#define SLICE 64 // values of Q that pass through the place of K at a time
#define SLICE_STRIDE (SLICE / 4 + 2)
#define SCORE_STRIDE (KEYS / 4 + 1)
#define WEIGHT_STRIDE (KEYS / 4 + 2)
shared f16vec4 s_kv[KEYS * (KEY_STRIDE + VALUE_STRIDE)]; // K, then V; at first Q, slice by slice
shared vec4 s_scores[ROWS * SCORE_STRIDE];
shared f16vec4 s_weights[ROWS * WEIGHT_STRIDE];
shared vec4 s_factors[ROWS * EDGE / 4]; // one a row, repeated over the columns of a matrix

#define ROW_MATRIX coopmat<float16_t, gl_ScopeSubgroup, EDGE, EDGE, gl_MatrixUseA>
#define KV_MATRIX coopmat<float16_t, gl_ScopeSubgroup, EDGE, EDGE, gl_MatrixUseB>
#define SUM_MATRIX coopmat<float, gl_ScopeSubgroup, EDGE, EDGE, gl_MatrixUseAccumulator>

// The factor that the lanes of each row hold, as a matrix of the subgroup's rows: what it is multiplied with
// element by element. A subgroupBarrier() must follow before the next call.
SUM_MATRIX rowFactors(float factor) {
    const uint firstFactor = gl_SubgroupID * EDGE * EDGE / 4;
    for (uint i = gl_SubgroupInvocationID % kRowLanes; i < EDGE / 4; i += kRowLanes)
        s_factors[firstFactor + gl_SubgroupInvocationID / kRowLanes * (EDGE / 4) + i] = vec4(factor);
    subgroupBarrier();
    SUM_MATRIX factors;
    coopMatLoad(factors, s_factors, firstFactor, EDGE / 4, gl_CooperativeMatrixLayoutRowMajor);
    return factors;
}

f16vec4 halves(uint a, uint b) { return f16vec4(unpackFloat2x16(a), unpackFloat2x16(b)); }

void storeChunk(uint at, uvec4 chunk) {
    s_kv[at] = halves(chunk.x, chunk.y);
    s_kv[at + 1] = halves(chunk.z, chunk.w);
}

void main() {
    const uint lane = gl_SubgroupInvocationID;
    const uint thread = gl_SubgroupID * kSubgroup + lane;
    const uint head = gl_WorkGroupID.y;
    const uint firstRow = (gl_NumWorkGroups.x - 1 - gl_WorkGroupID.x) * ROWS; // the longest first
    const uint seenByAny = params.position + min(firstRow + ROWS - 1, push.n - 1) + 1;
    if (seenByAny <= push.firstKey) return;
    const uint end = min(seenByAny, push.firstKey + push.pieceKeys);
    const bool last = end == seenByAny;

    // Q, scaled before it is rounded to f16; by log2(e) too, so that weights are powers of two.
    ROW_MATRIX queries[KEY_MATRICES];
    [[unroll]] for (uint slice = 0; slice < KEY_DIM; slice += SLICE) {
        for (uint i = thread; i < ROWS * SLICE / 4; i += kThreads) {
            const uint inTile = i / (SLICE / 4), at = i % (SLICE / 4);
            const uint of = min(firstRow + inTile, push.n - 1) * push.n_heads + head;
            vec4 values;
            if (slice < NOPE) values = q[of * (KEY_DIM / 4) + slice / 4 + at];
            else values = rotated[(of + 1) * (push.keyDim / 4) - (KEY_DIM - slice) / 4 + at];
            s_kv[inTile * SLICE_STRIDE + at] = f16vec4(values * (push.scale * 1.44269504));
        }
        barrier();
        [[unroll]] for (uint c = 0; c < SLICE / EDGE; ++c)
            coopMatLoad(queries[slice / EDGE + c], s_kv, gl_SubgroupID * EDGE * SLICE_STRIDE + c * EDGE / 4,
                        SLICE_STRIDE, gl_CooperativeMatrixLayoutRowMajor);
        barrier();
    }

    const uint firstScore = gl_SubgroupID * EDGE * SCORE_STRIDE;
    const uint firstWeight = gl_SubgroupID * EDGE * WEIGHT_STRIDE;
    const uint inSubgroup = lane / kRowLanes, part = lane % kRowLanes;
    const uint ownRow = min(firstRow + gl_SubgroupID * EDGE + inSubgroup, push.n - 1);
    const uint seen = params.position + ownRow;
    float largest = kMasked, total = 0; // of the lane's row; `total` of the lane's keys
    SUM_MATRIX sums[VALUE_MATRICES];
    if (push.firstKey == 0) {
        [[unroll]] for (uint c = 0; c < VALUE_MATRICES; ++c) sums[c] = SUM_MATRIX(0.0);
    } else { // what earlier pieces left, through the place of the scores, which has KEYS columns
        const vec2 before = weightsSoFar[ownRow * push.n_heads + head];
        largest = before.x;
        total = part == 0 ? before.y : 0;
        [[unroll]] for (uint c = 0; c < VALUE_MATRICES; c += KEYS / EDGE) {
            for (uint i = lane; i < EDGE * KEYS / 4; i += kSubgroup) {
                const uint inTile = i / (KEYS / 4), at = i % (KEYS / 4);
                const uint row = min(firstRow + gl_SubgroupID * EDGE + inTile, push.n - 1);
                s_scores[firstScore + inTile * SCORE_STRIDE + at] =
                    result[(row * push.n_heads + head) * (VALUE_DIM / 4) + c * EDGE / 4 + at];
            }
            subgroupBarrier();
            [[unroll]] for (uint k = 0; k < KEYS / EDGE; ++k)
                coopMatLoad(sums[c + k], s_scores, firstScore + k * EDGE / 4, SCORE_STRIDE,
                            gl_CooperativeMatrixLayoutRowMajor);
            subgroupBarrier();
        }
    }

    const uint keysOfHead = head * push.pieceKeys, valuesOfHead = (push.n_heads + head) * push.pieceKeys;
    const uint cacheChunks = push.keyDim / 8;
    uvec4 fetchedNope[kNopeFetches], fetchedRope[kRopeFetches], fetchedV[kValueFetches];
    for (uint first = push.firstKey, step = 0; first < end + KEYS; first += KEYS, ++step) {
        // Step n stores what step n - 1 fetched, fetches its own and computes what was stored.
        if (step > 0) {
            [[unroll]] for (uint j = 0; j < kNopeFetches; ++j) {
                const uint i = thread + j * kThreads;
                storeChunk(i / NOPE_CHUNKS * KEY_STRIDE + i % NOPE_CHUNKS * 2, fetchedNope[j]);
            }
            [[unroll]] for (uint j = 0; j < kRopeFetches; ++j) {
                const uint i = thread + j * kThreads;
                storeChunk(i / ROPE_CHUNKS * KEY_STRIDE + NOPE / 4 + i % ROPE_CHUNKS * 2, fetchedRope[j]);
            }
            [[unroll]] for (uint j = 0; j < kValueFetches; ++j) {
                const uint i = thread + j * kThreads;
                storeChunk(FIRST_VALUE + i / VALUE_CHUNKS * VALUE_STRIDE + i % VALUE_CHUNKS * 2, fetchedV[j]);
            }
            barrier();
        }
        if (first < end) { // beyond: the last key again, masked for every row
            KvChunks keys = KvChunks(latentLayerAddress(blocks[first / PONDER_KV_BLOCK], push.layer, push.keyDim));
            [[unroll]] for (uint j = 0; j < kNopeFetches; ++j) {
                const uint i = thread + j * kThreads;
                const uint key = min(first + i / NOPE_CHUNKS, end - 1) - push.firstKey;
                fetchedNope[j] = expanded[(keysOfHead + key) * NOPE_CHUNKS + i % NOPE_CHUNKS];
            }
            [[unroll]] for (uint j = 0; j < kRopeFetches; ++j) {
                const uint i = thread + j * kThreads;
                const uint key = min(first + i / ROPE_CHUNKS, end - 1) % PONDER_KV_BLOCK;
                fetchedRope[j] = keys.chunks[(key + 1) * cacheChunks - ROPE_CHUNKS + i % ROPE_CHUNKS];
            }
            [[unroll]] for (uint j = 0; j < kValueFetches; ++j) {
                const uint i = thread + j * kThreads;
                const uint key = min(first + i / VALUE_CHUNKS, end - 1) - push.firstKey;
                fetchedV[j] = expanded[(valuesOfHead + key) * VALUE_CHUNKS + i % VALUE_CHUNKS];
            }
        }
        if (step == 0) continue;
        const uint firstKey = first - KEYS;

        [[unroll]] for (uint k = 0; k < KEYS / EDGE; ++k) {
            SUM_MATRIX scores = SUM_MATRIX(0.0);
            [[unroll]] for (uint c = 0; c < KEY_MATRICES; ++c) {
                KV_MATRIX keyMatrix; // [dimension][key]
                coopMatLoad(keyMatrix, s_kv, k * EDGE * KEY_STRIDE + c * EDGE / 4, KEY_STRIDE,
                            gl_CooperativeMatrixLayoutColumnMajor);
                scores = coopMatMulAdd(queries[c], keyMatrix, scores);
            }
            coopMatStore(scores, s_scores, firstScore + k * EDGE / 4, SCORE_STRIDE,
                         gl_CooperativeMatrixLayoutRowMajor);
        }
        subgroupBarrier();

        vec4 scores[kLaneQuads];
        float most = kMasked;
        [[unroll]] for (uint j = 0; j < kLaneQuads; ++j) {
            const uint at = part * kLaneQuads + j;
            const uvec4 key = firstKey + at * 4 + uvec4(0, 1, 2, 3);
            scores[j] = mix(s_scores[firstScore + inSubgroup * SCORE_STRIDE + at], vec4(kMasked),
                            greaterThan(key, uvec4(min(seen, end - 1))));
            most = max(most, max(max(scores[j].x, scores[j].y), max(scores[j].z, scores[j].w)));
        }
        for (uint o = 1; o < kRowLanes; o *= 2) most = max(most, subgroupShuffleXor(most, o));
        const bool grown = most > largest + kSlack;
        if (subgroupAny(grown)) {
            const float shrink = grown ? exp2(largest - most) : 1;
            if (grown) largest = most;
            total *= shrink;
            const SUM_MATRIX factors = rowFactors(shrink);
            [[unroll]] for (uint c = 0; c < VALUE_MATRICES; ++c) sums[c] = sums[c] * factors;
        }
        [[unroll]] for (uint j = 0; j < kLaneQuads; ++j) {
            const f16vec4 weight = f16vec4(exp2(scores[j] - largest));
            total += dot(vec4(weight), vec4(1)); // of what is multiplied, so that rounding cancels
            s_weights[firstWeight + inSubgroup * WEIGHT_STRIDE + part * kLaneQuads + j] = weight;
        }
        subgroupBarrier();

        [[unroll]] for (uint k = 0; k < KEYS / EDGE; ++k) {
            ROW_MATRIX weights;
            coopMatLoad(weights, s_weights, firstWeight + k * EDGE / 4, WEIGHT_STRIDE,
                        gl_CooperativeMatrixLayoutRowMajor);
            [[unroll]] for (uint c = 0; c < VALUE_MATRICES; ++c) {
                KV_MATRIX valueMatrix; // [key][dim]
                coopMatLoad(valueMatrix, s_kv, FIRST_VALUE + k * EDGE * VALUE_STRIDE + c * EDGE / 4, VALUE_STRIDE,
                            gl_CooperativeMatrixLayoutRowMajor);
                sums[c] = coopMatMulAdd(weights, valueMatrix, sums[c]);
            }
        }
        barrier();
    }

    for (uint o = 1; o < kRowLanes; o *= 2) total += subgroupShuffleXor(total, o);
    if (last) {
        const SUM_MATRIX factors = rowFactors(1.0 / total);
        [[unroll]] for (uint c = 0; c < VALUE_MATRICES; ++c) sums[c] = sums[c] * factors;
    } else if (part == 0 && firstRow + gl_SubgroupID * EDGE + inSubgroup < push.n) {
        weightsSoFar[ownRow * push.n_heads + head] = vec2(largest, total);
    }
    // Out through the place of the scores.
    [[unroll]] for (uint c = 0; c < VALUE_MATRICES; c += KEYS / EDGE) {
        [[unroll]] for (uint k = 0; k < KEYS / EDGE; ++k)
            coopMatStore(sums[c + k], s_scores, firstScore + k * EDGE / 4, SCORE_STRIDE,
                         gl_CooperativeMatrixLayoutRowMajor);
        subgroupBarrier();
        for (uint i = lane; i < EDGE * KEYS / 4; i += kSubgroup) {
            const uint inTile = i / (KEYS / 4), at = i % (KEYS / 4);
            const uint row = firstRow + gl_SubgroupID * EDGE + inTile;
            if (row < push.n)
                result[(row * push.n_heads + head) * (VALUE_DIM / 4) + c * EDGE / 4 + at] =
                    s_scores[firstScore + inTile * SCORE_STRIDE + at];
        }
        subgroupBarrier();
    }
}
