#version 460
// Attention of one token over the cache: one workgroup of 128 a (part of the keys, key head), for kHeads (1
// to 8) query heads at once, so that K and V are read once. Writes the unnormalised sum, the maximum and the
// sum of weights of its part; attention_decode_merge joins them. Parts beyond usedParts() write nothing.
// head_dim: a multiple of 8 up to 256. Subgroups of 4 or more, whose quads are four consecutive invocations.
//
// The token's queries are rotated as they are read. Its own key and value, the newest, are not in the cache yet:
// the workgroups of the part that they end rotate and round them as rope_store does, and one of each key head stores
// them. What is computed with is what is stored. Nobody reads that row of the cache.
//
// A step is DECODE_KEYS keys. Scores: a quad of invocations takes two keys, each lane every fourth chunk of 8
// values, so K is read in whole 64-byte pieces and two quad swaps finish the sum. Values: head_dim / 8 lanes
// hold a row's outputs, and the rows are dealt over kGroups such groups. Both reads are issued before either
// is used.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#extension GL_KHR_shader_subgroup_quad : require
#include "shaders/lib/attention_parts.glsl"
#include "shaders/lib/kv_cache.glsl"
#include "shaders/lib/rope.glsl"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

#define THREADS 128u
layout(local_size_x = 128) in;
layout(constant_id = PONDER_SPEC_HEAD_DIM) const uint kHeadDim = 128;
layout(constant_id = PONDER_SPEC_HEADS) const uint kHeads = 8;
layout(binding = 0, scalar) readonly buffer Queries { float q[]; };
layout(binding = 1, scalar) readonly buffer Keys { float k[]; };
layout(binding = 2, scalar) readonly buffer Values { float v[]; };
layout(binding = 3, scalar) readonly buffer Params { StepParams params; };
layout(binding = 4, scalar) readonly buffer Table { uint64_t blocks[]; };
layout(binding = 5, scalar) writeonly buffer Sums { vec4 sums[]; };       // [n_heads][parts][head_dim]
layout(binding = 6, scalar) writeonly buffer Weights { vec2 weights[]; }; // [n_heads][parts]: maximum, sum
layout(push_constant, scalar) uniform Push { AttentionDecodePush push; };

const uint kChunks = kHeadDim / 8;                       // of a row
const uint kLaneChunks = (kChunks + 3) / 4;              // of a lane of a quad
const uint kGroups = THREADS / kChunks < DECODE_KEYS ? THREADS / kChunks : DECODE_KEYS; // of kChunks lanes
const uint kGroupKeys = (DECODE_KEYS + kGroups - 1) / kGroups;
const float kMasked = -3.0e38; // below every score, and its exponential is 0

const bool kAllLanes = kGroups * kChunks == THREADS; // none is left over after dealing them into groups
const uint kPairs = kHeadDim / 2;                    // of a head, rotated by as many invocations
const uint kRows = THREADS / kPairs;                 // heads that are rotated at once
const uint kRounds = (kHeads + kRows - 1) / kRows;

shared vec4 s_q[kHeads * kChunks * 2];
shared vec4 s_newest[2][kChunks * 2]; // key and value, as the cache rounds them; with KV_Q8 not yet rounded
#ifdef KV_Q8
shared KvChunk s_rounded[2][kChunks];
#endif
shared float s_p[DECODE_KEYS * 8]; // [key][head]: scores, then weights
shared float s_part[THREADS];      // [head][16]
shared float s_shrink[8];          // what the sums so far shrink by, as the maximum grew
shared vec4 s_sums[kGroups / 2 * kHeads * kChunks * 2 + 1];

// Fills s_q and, if `ends` (the part, with the newest key), s_newest, and stores that.
void rotate(uint kvHead, uint headGroup, uint newest, bool ends) {
    const uint row = gl_LocalInvocationIndex / kPairs;
    if (row >= kRows) return;
    const RopePair pair = ropePair(gl_LocalInvocationIndex % kPairs, push.ropeTable, newest, push.rope_dim,
                                   push.interleaved != 0);
    const uint ratio = push.n_heads / push.n_kv_heads;
    vec2 queries[kRounds]; // everything is read before any of it is used
    [[unroll]] for (uint i = 0; i < kRounds; ++i) {
        const uint head = kvHead * ratio + min(headGroup * kHeads + row + kRows * i, ratio - 1);
        queries[i] = vec2(q[head * kHeadDim + pair.first], q[head * kHeadDim + pair.second]);
    }
    const uint first = kvHead * kHeadDim + pair.first, second = kvHead * kHeadDim + pair.second;
    vec2 fresh[2] = {vec2(k[first], k[second]), vec2(v[first], v[second])};

    [[unroll]] for (uint i = 0; i < kRounds; ++i) {
        if (row + kRows * i < kHeads) {
            const vec2 query = ropeTurned(queries[i], pair) * push.scale;
            const uint to = (row + kRows * i) * kHeadDim + pair.first, other = to - pair.first + pair.second;
            s_q[to / 4][to % 4] = query.x;
            s_q[other / 4][other % 4] = query.y;
        }
    }
    if (!ends) return;
    fresh[0] = ropeTurned(fresh[0], pair);
    const uint kvDim = push.n_kv_heads * kHeadDim;
    const uint64_t keyPlane = kvLayerAddress(blocks[newest / PONDER_KV_BLOCK], push.layer, kvDim);
    const uint slot = newest % PONDER_KV_BLOCK * kvDim;
    [[unroll]] for (uint plane = 0; plane < 2; ++plane) {
        if (row == plane % kRows) {
#ifdef KV_Q8
            s_newest[plane][pair.first / 4][pair.first % 4] = fresh[plane].x;
            s_newest[plane][pair.second / 4][pair.second % 4] = fresh[plane].y;
#else
            s_newest[plane][pair.first / 4][pair.first % 4] = kvRounded(fresh[plane].x);
            s_newest[plane][pair.second / 4][pair.second % 4] = kvRounded(fresh[plane].y);
            if (headGroup == 0) {
                KvValues cache = KvValues(keyPlane + plane * kvPlaneBytes(kvDim));
                cache.values[slot + first] = KV_VALUE(fresh[plane].x);
                cache.values[slot + second] = KV_VALUE(fresh[plane].y);
            }
#endif
        }
    }
}
#ifdef KV_Q8
// Once all of s_newest is there, as values of several invocations share a scale: rounds and stores it.
void roundNewest(uint kvHead, uint headGroup, uint newest) {
    const uint plane = gl_LocalInvocationIndex / kChunks, chunk = gl_LocalInvocationIndex % kChunks;
    if (plane >= 2) return;
    const KvChunk rounded = kvRounded(s_newest[plane][chunk * 2], s_newest[plane][chunk * 2 + 1]);
    s_rounded[plane][chunk] = rounded;
    if (headGroup > 0) return;
    const uint kvDim = push.n_kv_heads * kHeadDim;
    const uint64_t keyPlane = kvLayerAddress(blocks[newest / PONDER_KV_BLOCK], push.layer, kvDim);
    const uint row = newest % PONDER_KV_BLOCK * push.n_kv_heads + kvHead;
    kvStore(keyPlane + plane * kvPlaneBytes(kvDim), kvDim, row * kChunks + chunk, rounded);
}
KvChunk newestChunk(uint plane, uint chunk) { return s_rounded[plane][chunk]; }
#else
KvChunk newestChunk(uint plane, uint chunk) {
    return kvChunk(s_newest[plane][chunk * 2], s_newest[plane][chunk * 2 + 1]);
}
#endif

void main() {
    // Workgroups of the parts that are used come first, then all those without work.
    const uint kvHead = gl_WorkGroupID.x, headGroup = gl_WorkGroupID.y, part = gl_WorkGroupID.z;
    const uint share = keysOfPart(params.kv_length, push.parts);
    const uint begin = part * share;
    if (begin >= params.kv_length) return;
    const uint end = min(begin + share, params.kv_length);
    const uint newest = params.kv_length - 1;

    const uint ratio = push.n_heads / push.n_kv_heads;
    const uint firstHead = headGroup * kHeads; // among those of the key head
    const uint kvDim = push.n_kv_heads * kHeadDim;
    const uint thread = gl_LocalInvocationIndex;
    const uint quad = thread / 4, lane = thread % 4;
    const uint group = thread / kChunks, chunk = thread % kChunks;
    const uint softmaxHead = thread / 16, softmaxLane = thread % 16;

    float largest = kMasked, total = 0; // of softmaxHead; `total` of this lane's keys
    vec4 low[kHeads], high[kHeads];
    [[unroll]] for (uint h = 0; h < kHeads; ++h) low[h] = high[h] = vec4(0);

    for (uint first = begin; first < end; first += DECODE_KEYS) {
        const uint64_t keyPlane = kvLayerAddress(blocks[first / PONDER_KV_BLOCK], push.layer, kvDim);
        KvChunks keys = KV_PLANE(keyPlane, kvDim);
        KvChunks values = KV_PLANE(keyPlane + kvPlaneBytes(kvDim), kvDim);
        const uint slot = first % PONDER_KV_BLOCK;
        const uint last = min(end - first, DECODE_KEYS) - 1; // keys beyond are taken as this one and weigh nothing
        const uint cached = newest - first;                  // keys before are in the cache, itself is not
        KvChunk keyChunks[2][kLaneChunks], valueChunks[kGroupKeys];
        if (cached > 0) {
            const uint lastCached = min(last, cached - 1);
            [[unroll]] for (uint r = 0; r < 2; ++r) {
                const uint row = ((slot + min(quad + 32 * r, lastCached)) * push.n_kv_heads + kvHead) * kChunks;
                [[unroll]] for (uint i = 0; i < kLaneChunks; ++i)
                    keyChunks[r][i] = KV_LOAD(keys, row + min(lane + 4 * i, kChunks - 1));
            }
            if (kAllLanes || group < kGroups) {
                [[unroll]] for (uint j = 0; j < kGroupKeys; ++j) {
                    const uint key = min(group + kGroups * j, lastCached);
                    valueChunks[j] = KV_LOAD(values, ((slot + key) * push.n_kv_heads + kvHead) * kChunks + chunk);
                }
            }
        }
        if (first == begin) rotate(kvHead, headGroup, newest, end > newest); // while those are on their way
#ifdef KV_Q8
        if (first == begin && end > newest) {
            barrier();
            roundNewest(kvHead, headGroup, newest);
        }
#endif
        barrier(); // of the step before, too: its weights are no longer wanted
        if (last == cached) {
            [[unroll]] for (uint r = 0; r < 2; ++r) {
                if (quad + 32 * r < cached) continue;
                [[unroll]] for (uint i = 0; i < kLaneChunks; ++i)
                    keyChunks[r][i] = newestChunk(0, min(lane + 4 * i, kChunks - 1));
            }
            if (kAllLanes || group < kGroups) {
                [[unroll]] for (uint j = 0; j < kGroupKeys; ++j)
                    if (group + kGroups * j >= cached) valueChunks[j] = newestChunk(1, chunk);
            }
        }

        float scores[2][kHeads];
        [[unroll]] for (uint h = 0; h < kHeads; ++h) scores[0][h] = scores[1][h] = 0;
        [[unroll]] for (uint i = 0; i < kLaneChunks; ++i) {
            if (kChunks % 4 == 0 || lane + 4 * i < kChunks) {
                const uint at = (lane + 4 * i) * 2;
                const vec4 low0 = kvLow(keyChunks[0][i]), high0 = kvHigh(keyChunks[0][i]);
                const vec4 low1 = kvLow(keyChunks[1][i]), high1 = kvHigh(keyChunks[1][i]);
                [[unroll]] for (uint h = 0; h < kHeads; ++h) {
                    const vec4 queryLow = s_q[h * kChunks * 2 + at], queryHigh = s_q[h * kChunks * 2 + at + 1];
                    scores[0][h] += dot(queryLow, low0) + dot(queryHigh, high0);
                    scores[1][h] += dot(queryLow, low1) + dot(queryHigh, high1);
                }
            }
        }
        [[unroll]] for (uint r = 0; r < 2; ++r) {
            const uint key = quad + 32 * r;
            [[unroll]] for (uint h = 0; h < kHeads; ++h) {
                float score = scores[r][h];
                score += subgroupQuadSwapHorizontal(score);
                score += subgroupQuadSwapVertical(score);
                if (h % 4 == lane) s_p[key * 8 + h] = key <= last ? score : kMasked;
            }
        }
        barrier();

        if (softmaxHead < kHeads) {
            float most = kMasked;
            [[unroll]] for (uint j = 0; j < DECODE_KEYS / 16; ++j)
                most = max(most, s_p[(softmaxLane + 16 * j) * 8 + softmaxHead]);
            s_part[thread] = most;
        }
        barrier();
        if (softmaxHead < kHeads) {
            float most = largest;
            [[unroll]] for (uint j = 0; j < 16; ++j) most = max(most, s_part[softmaxHead * 16 + j]);
            const float shrink = exp(largest - most);
            largest = most;
            total *= shrink;
            [[unroll]] for (uint j = 0; j < DECODE_KEYS / 16; ++j) {
                const uint at = (softmaxLane + 16 * j) * 8 + softmaxHead;
                const float weight = exp(s_p[at] - most);
                s_p[at] = weight;
                total += weight;
            }
            if (softmaxLane == 0) s_shrink[softmaxHead] = shrink;
        }
        barrier();

        if (kAllLanes || group < kGroups) {
            [[unroll]] for (uint h = 0; h < kHeads; ++h) {
                low[h] *= s_shrink[h];
                high[h] *= s_shrink[h];
            }
            [[unroll]] for (uint j = 0; j < kGroupKeys; ++j) {
                const uint key = group + kGroups * j;
                if (DECODE_KEYS % kGroups == 0 || key < DECODE_KEYS) {
                    const vec4 valueLow = kvLow(valueChunks[j]), valueHigh = kvHigh(valueChunks[j]);
                    [[unroll]] for (uint h = 0; h < kHeads; ++h) {
                        low[h] += s_p[key * 8 + h] * valueLow;
                        high[h] += s_p[key * 8 + h] * valueHigh;
                    }
                }
            }
        }
    }

    // The groups' sums are added as a tree. Indices into `low` and `high` stay constants, so that they stay in registers.
    s_part[thread] = total;
    for (uint groups = kGroups; groups > 1;) {
        const uint kept = (groups + 1) / 2;
        if (group >= kept && group < groups) {
            [[unroll]] for (uint h = 0; h < kHeads; ++h) {
                s_sums[(((group - kept) * kHeads + h) * 2) * kChunks + chunk] = low[h];
                s_sums[(((group - kept) * kHeads + h) * 2 + 1) * kChunks + chunk] = high[h];
            }
        }
        barrier();
        if (group < groups - kept) {
            [[unroll]] for (uint h = 0; h < kHeads; ++h) {
                low[h] += s_sums[((group * kHeads + h) * 2) * kChunks + chunk];
                high[h] += s_sums[((group * kHeads + h) * 2 + 1) * kChunks + chunk];
            }
        }
        barrier();
        groups = kept;
    }
    if (group == 0) {
        [[unroll]] for (uint h = 0; h < kHeads; ++h) {
            if (firstHead + h < ratio) {
                const uint row = (kvHead * ratio + firstHead + h) * push.parts + part;
                sums[(row * kChunks + chunk) * 2] = low[h];
                sums[(row * kChunks + chunk) * 2 + 1] = high[h];
            }
        }
    }
    if (softmaxHead < kHeads && softmaxLane == 0 && firstHead + softmaxHead < ratio) {
        float sum = 0;
        for (uint j = 0; j < 16; ++j) sum += s_part[thread + j];
        const uint head = kvHead * ratio + firstHead + softmaxHead;
        weights[head * push.parts + part] = vec2(largest, sum);
    }
}
