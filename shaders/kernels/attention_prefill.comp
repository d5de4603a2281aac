#version 460
// Flash attention of many tokens over the cache in float32, on any device: one workgroup of 128 a (kRows
// rows, key head). A row is a (token, query head) pair, and rows of all query heads of the key head follow
// each other, so that K and V are read once for all of them. Causal: token t sees the keys up to
// params.position + t. Any n, head_dim a multiple of 8 up to 256; kKeys divides PONDER_KV_BLOCK, kRows
// divides 128, and both are even. The host chooses them to fit the shared memory.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#include "shaders/lib/kv_cache.glsl"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

#define THREADS 128u
layout(local_size_x = 128) in;
layout(constant_id = PONDER_SPEC_HEAD_DIM) const uint kHeadDim = 128;
layout(constant_id = PONDER_SPEC_ROWS) const uint kRows = 32;
layout(constant_id = PONDER_SPEC_KEYS) const uint kKeys = 16;
layout(binding = 0, scalar) readonly buffer Queries { vec4 q[]; };
layout(binding = 1, scalar) writeonly buffer Result { vec4 result[]; };
layout(binding = 2, scalar) readonly buffer Params { StepParams params; };
layout(binding = 3, scalar) readonly buffer Table { uint64_t blocks[]; };
layout(push_constant, scalar) uniform Push { AttentionPush push; };

const uint kQuarters = kHeadDim / 4; // vec4 of a row
const uint kStride = kQuarters + 1;  // of rows in shared memory: one more, against bank conflicts
const uint kGroups = THREADS / kQuarters;
const uint kGroupRows = (kRows + kGroups - 1) / kGroups;
const uint kLanes = THREADS / kRows; // of a row's softmax
const float kMasked = -3.0e38;       // below every score, and its exponential is 0

shared vec4 s_q[kRows * kStride];
shared vec4 s_kv[kKeys * kStride];
shared float s_p[kRows * (kKeys + 1)]; // scores, then weights
shared float s_part[THREADS];          // [lane][row]
shared float s_shrink[kRows];

void loadStep(KvChunks cache, uint first, uint end, uint kvHead) {
    const uint chunks = kHeadDim / 8;
    for (uint i = gl_LocalInvocationIndex; i < kKeys * chunks; i += THREADS) {
        const uint key = i / chunks, chunk = i % chunks;
        vec4 low = vec4(0), high = vec4(0); // what lies beyond the sequence may be NaN: never read
        if (first + key < end) {
            const KvChunk both =
                KV_LOAD(cache, ((first + key) % PONDER_KV_BLOCK * push.n_kv_heads + kvHead) * chunks + chunk);
            low = kvLow(both);
            high = kvHigh(both);
        }
        s_kv[key * kStride + 2 * chunk] = low;
        s_kv[key * kStride + 2 * chunk + 1] = high;
    }
}

void main() {
    const uint thread = gl_LocalInvocationIndex;
    const uint kvHead = gl_WorkGroupID.y;
    const uint ratio = push.n_heads / push.n_kv_heads;
    const uint kvDim = push.n_kv_heads * kHeadDim;
    const uint rows = push.n * ratio;
    const uint firstRow = (gl_NumWorkGroups.x - 1 - gl_WorkGroupID.x) * kRows; // the longest first
    const uint end = params.position + min(firstRow + kRows - 1, rows - 1) / ratio + 1; // what any row sees

    for (uint i = thread; i < kRows * kQuarters; i += THREADS) {
        const uint row = min(firstRow + i / kQuarters, rows - 1), at = i % kQuarters;
        const uint source = (row / ratio * push.n_heads + kvHead * ratio + row % ratio) * kQuarters + at;
        s_q[i / kQuarters * kStride + at] = q[source] * push.scale;
    }

    const uint group = thread / kQuarters, quarter = thread % kQuarters;
    const uint softmaxRow = thread % kRows, softmaxLane = thread / kRows;
    const uint seen = params.position + min(firstRow + softmaxRow, rows - 1) / ratio; // its last key
    float largest = kMasked, total = 0;
    vec4 sums[kGroupRows];
    [[unroll]] for (uint j = 0; j < kGroupRows; ++j) sums[j] = vec4(0);

    for (uint first = 0; first < end; first += kKeys) {
        const uint64_t keyPlane = kvLayerAddress(blocks[first / PONDER_KV_BLOCK], push.layer, kvDim);
        loadStep(KV_PLANE(keyPlane, kvDim), first, end, kvHead);
        barrier();

        for (uint i = thread; i < kRows / 2 * (kKeys / 2); i += THREADS) {
            const uint row = i % (kRows / 2), key = i / (kRows / 2);
            float s00 = 0, s01 = 0, s10 = 0, s11 = 0;
            for (uint at = 0; at < kQuarters; ++at) {
                const vec4 q0 = s_q[row * kStride + at], q1 = s_q[(row + kRows / 2) * kStride + at];
                const vec4 k0 = s_kv[key * kStride + at], k1 = s_kv[(key + kKeys / 2) * kStride + at];
                s00 += dot(q0, k0);
                s01 += dot(q0, k1);
                s10 += dot(q1, k0);
                s11 += dot(q1, k1);
            }
            s_p[row * (kKeys + 1) + key] = s00;
            s_p[row * (kKeys + 1) + key + kKeys / 2] = s01;
            s_p[(row + kRows / 2) * (kKeys + 1) + key] = s10;
            s_p[(row + kRows / 2) * (kKeys + 1) + key + kKeys / 2] = s11;
        }
        barrier();

        loadStep(KV_PLANE(keyPlane + kvPlaneBytes(kvDim), kvDim), first, end, kvHead);
        float most = kMasked;
        for (uint key = softmaxLane; key < kKeys; key += kLanes)
            if (first + key <= seen) most = max(most, s_p[softmaxRow * (kKeys + 1) + key]);
        s_part[thread] = most;
        barrier();
        most = largest;
        for (uint lane = 0; lane < kLanes; ++lane) most = max(most, s_part[lane * kRows + softmaxRow]);
        const float shrink = exp(largest - most);
        largest = most;
        total *= shrink;
        for (uint key = softmaxLane; key < kKeys; key += kLanes) {
            const uint at = softmaxRow * (kKeys + 1) + key;
            const float weight = first + key <= seen ? exp(s_p[at] - most) : 0;
            s_p[at] = weight;
            total += weight;
        }
        if (softmaxLane == 0) s_shrink[softmaxRow] = shrink;
        barrier();

        if (group < kGroups) {
            [[unroll]] for (uint j = 0; j < kGroupRows; ++j)
                sums[j] *= s_shrink[min(group + kGroups * j, kRows - 1)];
            for (uint key = 0; key < kKeys; ++key) {
                const vec4 value = s_kv[key * kStride + quarter];
                [[unroll]] for (uint j = 0; j < kGroupRows; ++j)
                    sums[j] += s_p[min(group + kGroups * j, kRows - 1) * (kKeys + 1) + key] * value;
            }
        }
        barrier();
    }

    s_part[thread] = total;
    barrier();
    if (group >= kGroups) return;
    [[unroll]] for (uint j = 0; j < kGroupRows; ++j) {
        const uint inTile = group + kGroups * j, row = firstRow + inTile;
        if (inTile >= kRows || row >= rows) continue;
        float sum = 0;
        for (uint lane = 0; lane < kLanes; ++lane) sum += s_part[lane * kRows + inTile];
        const uint head = kvHead * ratio + row % ratio;
        result[(row / ratio * push.n_heads + head) * kQuarters + quarter] = sums[j] / sum;
    }
}
