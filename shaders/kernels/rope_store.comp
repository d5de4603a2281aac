#version 460
// Several tokens: rotates q in place, rotates k into the cache and copies v into it: one invocation a pair of values of one
// token, in the order q, k, v. Pairs: lib/rope.glsl. Tokens stand at params.position and on; their blocks are in the
// table. (attention_decode does the same for one token.) With KV_Q8 an invocation is eight values of k or v, and four that make a
// quad, which are consecutive, find the scale of all theirs.
#extension GL_GOOGLE_include_directive : require
#include "shaders/lib/kv_cache.glsl"
#include "shaders/lib/rope.glsl"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(binding = 0, scalar) buffer Queries { float q[]; };
layout(binding = 1, scalar) readonly buffer Keys { float k[]; };
layout(binding = 2, scalar) readonly buffer Values { float v[]; };
layout(binding = 3, scalar) readonly buffer Params { StepParams params; };
layout(binding = 4, scalar) readonly buffer Table { uint64_t blocks[]; };
layout(push_constant, scalar) uniform Push { RopeStorePush push; };

#ifdef KV_Q8
// at: the first of the values, among those of the token's heads.
void storeChunk(uint token, uint position, uint at, bool isV) {
    const uint kvDim = push.n_kv_heads * push.head_dim, row = token * kvDim, head = at / push.head_dim * push.head_dim;
    const uint rope_dim = isV ? 0 : push.rope_dim;
    vec4 values[2];
    [[unroll]] for (uint i = 0; i < 8; ++i) {
        const uint inHead = at - head + i;
        const RopePair pair = ropePair(ropePairOf(inHead, rope_dim, push.interleaved != 0), push.ropeTable, position,
                                       rope_dim, push.interleaved != 0);
        const uint first = row + head + pair.first, second = row + head + pair.second;
        const vec2 turned = ropeTurned(isV ? vec2(v[first], v[second]) : vec2(k[first], k[second]), pair);
        values[i / 4][i % 4] = inHead == pair.first ? turned.x : turned.y;
    }
    const KvChunk rounded = kvRounded(values[0], values[1]);
    uint64_t plane = kvLayerAddress(blocks[position / PONDER_KV_BLOCK], push.layer, kvDim);
    if (isV) plane += kvPlaneBytes(kvDim);
    kvStore(plane, kvDim, (position % PONDER_KV_BLOCK * kvDim + at) / 8, rounded);
}
#endif

void main() {
    const uint pairsOfHead = push.head_dim / 2;
    const uint pairsQ = push.n_heads * pairsOfHead;
#ifdef KV_Q8
    const uint ofKv = push.n_kv_heads * push.head_dim / 8; // invocations of k, and of v
#else
    const uint ofKv = push.n_kv_heads * pairsOfHead;
#endif
    uint i = gl_GlobalInvocationID.x;
    if (i >= pairsQ + 2 * ofKv) return;
    const uint token = gl_WorkGroupID.y;
    const uint position = params.position + token;

    const bool isQ = i < pairsQ;
    const bool isV = i >= pairsQ + ofKv;
    i -= isQ ? 0 : isV ? pairsQ + ofKv : pairsQ;
#ifdef KV_Q8
    if (!isQ) {
        storeChunk(token, position, i * 8, isV);
        return;
    }
#endif
    const uint head = i / pairsOfHead;
    const RopePair pair =
        ropePair(i % pairsOfHead, push.ropeTable, position, isV ? 0 : push.rope_dim, push.interleaved != 0);
    const uint first = head * push.head_dim + pair.first;
    const uint second = head * push.head_dim + pair.second;

    const uint row = token * (isQ ? push.n_heads : push.n_kv_heads) * push.head_dim;
    vec2 values;
    if (isQ) values = vec2(q[row + first], q[row + second]);
    else if (isV) values = vec2(v[row + first], v[row + second]);
    else values = vec2(k[row + first], k[row + second]);
    values = ropeTurned(values, pair);

    if (isQ) {
        q[row + first] = values.x;
        q[row + second] = values.y;
        return;
    }
#ifndef KV_Q8
    const uint kvDim = push.n_kv_heads * push.head_dim;
    uint64_t plane = kvLayerAddress(blocks[position / PONDER_KV_BLOCK], push.layer, kvDim);
    if (isV) plane += kvPlaneBytes(kvDim);
    KvValues cache = KvValues(plane);
    const uint slot = (position % PONDER_KV_BLOCK) * kvDim;
    cache.values[slot + first] = KV_VALUE(values.x);
    cache.values[slot + second] = KV_VALUE(values.y);
#endif
}
