#version 460
// Latent attention (MLA), absorbed: every query head attends over the same keys of kKeyDim values (the latent, then the
// rotated part), and the value of a key is its first kValueDim values. Flash attention in float32 of 128 invocations a
// workgroup over kRows rows; a row is a (token, head) pair, tokens outermost, so K is read once for kRows heads. Causal: token t
// sees the keys up to params.position + t.
// Few tokens: workgroups along y share the keys in parts; each leaves an unnormalised sum, its maximum and its sum of weights
// for attention_decode_merge. One part: results are whole.
// kKeyDim and kValueDim are multiples of 8, kValueDim at most 512; kRows and kKeys even, kRows divides 128, kKeys divides 64.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#include "shaders/lib/attention_parts.glsl"
#include "shaders/lib/kv_cache.glsl"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

#define THREADS 128u
layout(local_size_x = 128) in;
layout(constant_id = PONDER_SPEC_HEAD_DIM) const uint kKeyDim = 576;
layout(constant_id = PONDER_SPEC_VALUE_DIM) const uint kValueDim = 512;
layout(constant_id = PONDER_SPEC_ROWS) const uint kRows = 8;
layout(constant_id = PONDER_SPEC_KEYS) const uint kKeys = 8;
layout(binding = 0, scalar) readonly buffer Queries { vec4 q[]; };        // [n][n_heads][key dim]
layout(binding = 1, scalar) writeonly buffer Result { vec4 result[]; };   // [n][n_heads][parts][value dim]
layout(binding = 2, scalar) writeonly buffer Weights { vec2 weights[]; }; // [n_heads][parts]: maximum, sum
layout(binding = 3, scalar) readonly buffer Params { StepParams params; };
layout(binding = 4, scalar) readonly buffer Table { uint64_t blocks[]; };
layout(push_constant, scalar) uniform Push { AttentionPush push; };

const uint kChunks = kKeyDim / 8;        // of a key
const uint kChunkStride = kChunks + 1;   // in shared memory: one more, against bank conflicts
const uint kQuarters = kKeyDim / 4;      // vec4 of a query
const uint kStride = kQuarters + 1;
const uint kValueQuarters = kValueDim / 4;
const uint kGroups = THREADS / kValueQuarters; // invocations that hold a row's result: kValueQuarters
const uint kGroupRows = (kRows + kGroups - 1) / kGroups;
const uint kLanes = THREADS / kRows; // of a row's softmax
const uint kBlocks = kRows / 2 * (kKeys / 2);                        // of 2 x 2 scores
const uint kSlices = kBlocks < THREADS ? THREADS / kBlocks : 1;      // of a score's products
const uint kScores = kRows * (kKeys + 1);
const float kMasked = -3.0e38; // below every score, and its exponential is 0

shared vec4 s_q[kRows * kStride];
shared KvChunk s_keys[kKeys * kChunkStride];
shared float s_p[kSlices * kScores]; // parts of scores, then scores, then weights
shared float s_part[THREADS];        // [lane][row]
shared float s_shrink[kRows];

void main() {
    const uint thread = gl_LocalInvocationIndex;
    const uint rows = push.n * push.n_heads;
    const uint firstRow = (gl_NumWorkGroups.x - 1 - gl_WorkGroupID.x) * kRows; // the longest first
    const uint part = gl_WorkGroupID.y;
    uint begin = 0, end = params.position + min(firstRow + kRows - 1, rows - 1) / push.n_heads + 1;
    if (push.parts > 1) {
        const uint share = keysOfPart(params.kv_length, push.parts);
        begin = part * share;
        if (begin >= params.kv_length) return;
        end = min(begin + share, params.kv_length);
    }

    for (uint i = thread; i < kRows * kQuarters; i += THREADS) {
        const uint row = min(firstRow + i / kQuarters, rows - 1);
        s_q[i / kQuarters * kStride + i % kQuarters] = q[row * kQuarters + i % kQuarters] * push.scale;
    }

    const uint group = thread / kValueQuarters, quarter = thread % kValueQuarters;
    const uint softmaxRow = thread % kRows, softmaxLane = thread / kRows;
    const uint seen = params.position + min(firstRow + softmaxRow, rows - 1) / push.n_heads; // its last key
    float largest = kMasked, total = 0;
    vec4 sums[kGroupRows];
    [[unroll]] for (uint j = 0; j < kGroupRows; ++j) sums[j] = vec4(0);

    for (uint first = begin; first < end; first += kKeys) {
        KvChunks keys = KvChunks(latentLayerAddress(blocks[first / PONDER_KV_BLOCK], push.layer, kKeyDim));
        for (uint i = thread; i < kKeys * kChunks; i += THREADS) { // beyond the sequence may be NaN: the last one again
            const uint key = min(first + i / kChunks, end - 1) % PONDER_KV_BLOCK;
            s_keys[i / kChunks * kChunkStride + i % kChunks] = keys.chunks[key * kChunks + i % kChunks];
        }
        barrier();

        for (uint i = thread; i < kBlocks * kSlices; i += THREADS) {
            const uint slice = i / kBlocks, row = i % kBlocks % (kRows / 2), key = i % kBlocks / (kRows / 2);
            float s00 = 0, s01 = 0, s10 = 0, s11 = 0;
            for (uint chunk = slice; chunk < kChunks; chunk += kSlices) {
                const KvChunk k0 = s_keys[key * kChunkStride + chunk];
                const KvChunk k1 = s_keys[(key + kKeys / 2) * kChunkStride + chunk];
                const uint q0 = row * kStride + 2 * chunk, q1 = q0 + kRows / 2 * kStride;
                s00 += dot(s_q[q0], kvLow(k0)) + dot(s_q[q0 + 1], kvHigh(k0));
                s01 += dot(s_q[q0], kvLow(k1)) + dot(s_q[q0 + 1], kvHigh(k1));
                s10 += dot(s_q[q1], kvLow(k0)) + dot(s_q[q1 + 1], kvHigh(k0));
                s11 += dot(s_q[q1], kvLow(k1)) + dot(s_q[q1 + 1], kvHigh(k1));
            }
            const uint at = slice * kScores + row * (kKeys + 1) + key, below = at + kRows / 2 * (kKeys + 1);
            s_p[at] = s00;
            s_p[at + kKeys / 2] = s01;
            s_p[below] = s10;
            s_p[below + kKeys / 2] = s11;
        }
        barrier();

        float most = kMasked;
        for (uint key = softmaxLane; key < kKeys; key += kLanes) {
            const uint at = softmaxRow * (kKeys + 1) + key;
            float score = 0;
            [[unroll]] for (uint slice = 0; slice < kSlices; ++slice) score += s_p[slice * kScores + at];
            s_p[at] = score;
            if (first + key <= seen && first + key < end) most = max(most, score);
        }
        s_part[thread] = most;
        barrier();
        most = largest;
        for (uint lane = 0; lane < kLanes; ++lane) most = max(most, s_part[lane * kRows + softmaxRow]);
        const float shrink = exp(largest - most);
        largest = most;
        total *= shrink;
        for (uint key = softmaxLane; key < kKeys; key += kLanes) {
            const uint at = softmaxRow * (kKeys + 1) + key;
            const float weight = first + key <= seen && first + key < end ? exp(s_p[at] - most) : 0;
            s_p[at] = weight;
            total += weight;
        }
        if (softmaxLane == 0) s_shrink[softmaxRow] = shrink;
        barrier();

        if (group < kGroups) {
            [[unroll]] for (uint j = 0; j < kGroupRows; ++j) sums[j] *= s_shrink[min(group + kGroups * j, kRows - 1)];
            for (uint key = 0; key < kKeys; ++key) {
                const KvChunk chunk = s_keys[key * kChunkStride + quarter / 2];
                const vec4 value = quarter % 2 == 0 ? kvLow(chunk) : kvHigh(chunk);
                [[unroll]] for (uint j = 0; j < kGroupRows; ++j)
                    sums[j] += s_p[min(group + kGroups * j, kRows - 1) * (kKeys + 1) + key] * value;
            }
        }
        barrier(); // before the next step's keys take the place of these
    }

    s_part[thread] = total;
    barrier();
    if (thread < kRows && firstRow + thread < rows && push.parts > 1) { // then softmaxLane is 0
        float sum = 0;
        for (uint lane = 0; lane < kLanes; ++lane) sum += s_part[lane * kRows + thread];
        weights[(firstRow + thread) * push.parts + part] = vec2(largest, sum);
    }
    if (group >= kGroups) return;
    [[unroll]] for (uint j = 0; j < kGroupRows; ++j) {
        const uint inTile = group + kGroups * j, row = firstRow + inTile;
        if (inTile >= kRows || row >= rows) continue;
        float sum = 0;
        for (uint lane = 0; lane < kLanes; ++lane) sum += s_part[lane * kRows + inTile];
        result[(row * push.parts + part) * kValueQuarters + quarter] = push.parts > 1 ? sums[j] : sums[j] / sum;
    }
}
