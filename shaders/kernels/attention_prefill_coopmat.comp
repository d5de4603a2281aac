#version 460
// Flash attention of many tokens over an f16 or 8-bit cache with cooperative matrices (KHR, EDGE x EDGE x EDGE, f16
// products, float32 sums). One workgroup of SUBGROUPS subgroups a (ROWS rows, key head); a row is a (token,
// query head) pair, as in attention_prefill.comp, and each subgroup keeps EDGE rows to itself: Q and the sums
// stay in its registers, scores and weights pass through its own part of the shared memory, so that only
// loading K and V needs the whole workgroup. The next step's K and V are fetched into registers while this
// one is computed. HEAD_DIM: 64 or 128. Any n. The workgroup is SUBGROUPS * kSubgroup invocations, kSubgroup
// a power of two from EDGE up, required by subgroup size control or the device's only one (attention_plan
// sees to it).
//
// Sums live in matrices whose layout is the driver's, so shrinking a row when its maximum grows needs a
// matrix of factors. That is done only when a maximum has grown by more than kSlack: until then weights above
// 1 are exact all the same.
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
#define SUBGROUPS 4
#define ROWS (SUBGROUPS * EDGE)
#define KEYS (2 * EDGE) // of a step; divides PONDER_KV_BLOCK
#define CHUNKS (HEAD_DIM / 8)
#define MATRICES (HEAD_DIM / EDGE)
layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(constant_id = PONDER_SPEC_SUBGROUP) const uint kSubgroup = 32;
layout(binding = 0, scalar) readonly buffer Queries { vec4 q[]; };
layout(binding = 1, scalar) writeonly buffer Result { vec4 result[]; };
layout(binding = 2, scalar) readonly buffer Params { StepParams params; };
layout(binding = 3, scalar) readonly buffer Table { uint64_t blocks[]; };
layout(push_constant, scalar) uniform Push { AttentionPush push; };

const uint kThreads = SUBGROUPS * kSubgroup;
const uint kFetches = KEYS * CHUNKS / kThreads; // chunks of K, and of V, that an invocation fetches a step
const uint kRowLanes = kSubgroup / EDGE;        // of a row's softmax
const uint kLaneQuads = KEYS / 4 / kRowLanes;
const float kMasked = -3.0e38; // below every score, and its exponential is 0
const float kSlack = 6.0;      // weights up to 2^6: far from the end of f16, with the same relative error

// Strides in units of four values; padded by 8 halves or 4 floats against bank conflicts.
#define KV_STRIDE (HEAD_DIM / 4 + 2)
#define SCORE_STRIDE (KEYS / 4 + 1)
#define WEIGHT_STRIDE (KEYS / 4 + 2)
shared f16vec4 s_kv[2 * KEYS * KV_STRIDE]; // K, then V; at first Q, of ROWS = 2 * KEYS rows
shared vec4 s_scores[ROWS * SCORE_STRIDE];
shared f16vec4 s_weights[ROWS * WEIGHT_STRIDE];
shared vec4 s_factors[ROWS * EDGE / 4]; // one a row, repeated over the columns of a matrix

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

#ifdef KV_Q8
#define LOW_HALVES(chunk) f16vec4(kvLow(chunk))
#define HIGH_HALVES(chunk) f16vec4(kvHigh(chunk))
#else
f16vec4 halves(uint a, uint b) { return f16vec4(unpackFloat2x16(a), unpackFloat2x16(b)); }
#define LOW_HALVES(chunk) halves(chunk.x, chunk.y)
#define HIGH_HALVES(chunk) halves(chunk.z, chunk.w)
#endif

void main() {
    const uint lane = gl_SubgroupInvocationID;
    const uint thread = gl_SubgroupID * kSubgroup + lane;
    const uint kvHead = gl_WorkGroupID.y;
    const uint ratio = push.n_heads / push.n_kv_heads;
    const uint kvDim = push.n_kv_heads * HEAD_DIM;
    const uint rows = push.n * ratio;
    const uint firstRow = (gl_NumWorkGroups.x - 1 - gl_WorkGroupID.x) * ROWS; // the longest first
    const uint end = params.position + min(firstRow + ROWS - 1, rows - 1) / ratio + 1; // what any row sees

    // Q, scaled before it is rounded to f16; by log2(e) too, so that weights are powers of two.
    for (uint i = thread; i < ROWS * HEAD_DIM / 4; i += kThreads) {
        const uint inTile = i / (HEAD_DIM / 4), at = i % (HEAD_DIM / 4);
        const uint row = min(firstRow + inTile, rows - 1);
        const uint source = (row / ratio * push.n_heads + kvHead * ratio + row % ratio) * (HEAD_DIM / 4) + at;
        s_kv[inTile * KV_STRIDE + at] = f16vec4(q[source] * (push.scale * 1.44269504));
    }
    barrier();
    coopmat<float16_t, gl_ScopeSubgroup, EDGE, EDGE, gl_MatrixUseA> queries[MATRICES];
    SUM_MATRIX sums[MATRICES];
    [[unroll]] for (uint c = 0; c < MATRICES; ++c) {
        coopMatLoad(queries[c], s_kv, gl_SubgroupID * EDGE * KV_STRIDE + c * EDGE / 4, KV_STRIDE,
                    gl_CooperativeMatrixLayoutRowMajor);
        sums[c] = SUM_MATRIX(0.0);
    }
    barrier();

    const uint firstScore = gl_SubgroupID * EDGE * SCORE_STRIDE;
    const uint firstWeight = gl_SubgroupID * EDGE * WEIGHT_STRIDE;
    const uint inSubgroup = lane / kRowLanes, part = lane % kRowLanes;
    const uint seen = params.position + min(firstRow + gl_SubgroupID * EDGE + inSubgroup, rows - 1) / ratio;
    float largest = kMasked, total = 0; // of the lane's row; `total` of the lane's keys

    KvChunk fetchedK[kFetches], fetchedV[kFetches];
    for (uint first = 0, step = 0; first < end + KEYS; first += KEYS, ++step) {
        // Step n stores what step n - 1 fetched, fetches its own and computes what was stored.
        if (step > 0) {
            [[unroll]] for (uint j = 0; j < kFetches; ++j) {
                const uint i = thread + j * kThreads;
                const uint at = i / CHUNKS * KV_STRIDE + i % CHUNKS * 2;
                s_kv[at] = LOW_HALVES(fetchedK[j]);
                s_kv[at + 1] = HIGH_HALVES(fetchedK[j]);
                s_kv[KEYS * KV_STRIDE + at] = LOW_HALVES(fetchedV[j]);
                s_kv[KEYS * KV_STRIDE + at + 1] = HIGH_HALVES(fetchedV[j]);
            }
            barrier();
        }
        if (first < end) {
            const uint64_t keyPlane = kvLayerAddress(blocks[first / PONDER_KV_BLOCK], push.layer, kvDim);
            KvChunks keys = KV_PLANE(keyPlane, kvDim);
            KvChunks values = KV_PLANE(keyPlane + kvPlaneBytes(kvDim), kvDim);
            [[unroll]] for (uint j = 0; j < kFetches; ++j) {
                const uint i = thread + j * kThreads;
                const uint key = min(first + i / CHUNKS, end - 1); // beyond: the last again, masked for every row
                const uint at = (key % PONDER_KV_BLOCK * push.n_kv_heads + kvHead) * CHUNKS + i % CHUNKS;
                fetchedK[j] = KV_LOAD(keys, at);
                fetchedV[j] = KV_LOAD(values, at);
            }
        }
        if (step == 0) continue;
        const uint firstKey = first - KEYS;

        [[unroll]] for (uint k = 0; k < KEYS / EDGE; ++k) {
            SUM_MATRIX scores = SUM_MATRIX(0.0);
            [[unroll]] for (uint c = 0; c < MATRICES; ++c) {
                coopmat<float16_t, gl_ScopeSubgroup, EDGE, EDGE, gl_MatrixUseB> keyMatrix; // [dimension][key]
                coopMatLoad(keyMatrix, s_kv, k * EDGE * KV_STRIDE + c * EDGE / 4, KV_STRIDE,
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
                            greaterThan(key, uvec4(seen)));
            most = max(most, max(max(scores[j].x, scores[j].y), max(scores[j].z, scores[j].w)));
        }
        for (uint o = 1; o < kRowLanes; o *= 2) most = max(most, subgroupShuffleXor(most, o));
        const bool grown = most > largest + kSlack;
        if (subgroupAny(grown)) {
            const float shrink = grown ? exp2(largest - most) : 1;
            if (grown) largest = most;
            total *= shrink;
            const SUM_MATRIX factors = rowFactors(shrink);
            [[unroll]] for (uint c = 0; c < MATRICES; ++c) sums[c] = sums[c] * factors;
        }
        [[unroll]] for (uint j = 0; j < kLaneQuads; ++j) {
            const f16vec4 weight = f16vec4(exp2(scores[j] - largest));
            total += dot(vec4(weight), vec4(1)); // of what is multiplied, so that rounding cancels
            s_weights[firstWeight + inSubgroup * WEIGHT_STRIDE + part * kLaneQuads + j] = weight;
        }
        subgroupBarrier();

        [[unroll]] for (uint k = 0; k < KEYS / EDGE; ++k) {
            coopmat<float16_t, gl_ScopeSubgroup, EDGE, EDGE, gl_MatrixUseA> weights;
            coopMatLoad(weights, s_weights, firstWeight + k * EDGE / 4, WEIGHT_STRIDE,
                        gl_CooperativeMatrixLayoutRowMajor);
            [[unroll]] for (uint c = 0; c < MATRICES; ++c) {
                coopmat<float16_t, gl_ScopeSubgroup, EDGE, EDGE, gl_MatrixUseB> valueMatrix; // [key][dim]
                coopMatLoad(valueMatrix, s_kv, (KEYS + k * EDGE) * KV_STRIDE + c * EDGE / 4, KV_STRIDE,
                            gl_CooperativeMatrixLayoutRowMajor);
                sums[c] = coopMatMulAdd(weights, valueMatrix, sums[c]);
            }
        }
        barrier();
    }

    for (uint o = 1; o < kRowLanes; o *= 2) total += subgroupShuffleXor(total, o);
    const SUM_MATRIX factors = rowFactors(1.0 / total);
    [[unroll]] for (uint c = 0; c < MATRICES; ++c) sums[c] = sums[c] * factors;
    // Out through the place of the scores, which has KEYS columns.
    [[unroll]] for (uint c = 0; c < MATRICES; c += KEYS / EDGE) {
        [[unroll]] for (uint k = 0; k < KEYS / EDGE; ++k)
            coopMatStore(sums[c + k], s_scores, firstScore + k * EDGE / 4, SCORE_STRIDE,
                         gl_CooperativeMatrixLayoutRowMajor);
        subgroupBarrier();
        for (uint i = lane; i < EDGE * KEYS / 4; i += kSubgroup) {
            const uint inTile = i / (KEYS / 4), at = i % (KEYS / 4);
            const uint row = firstRow + gl_SubgroupID * EDGE + inTile;
            const uint head = row / ratio * push.n_heads + kvHead * ratio + row % ratio; // of all tokens' heads
            if (row < rows)
                result[head * (HEAD_DIM / 4) + c * EDGE / 4 + at] = s_scores[firstScore + inTile * SCORE_STRIDE + at];
        }
        subgroupBarrier();
    }
}
