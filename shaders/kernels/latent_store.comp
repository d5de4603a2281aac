#version 460
// What stands between the projections of latent attention and its cache. Workgroup 0 along x norms a token's latent, rotates
// the key behind it and writes both into the cache; the others rotate the queries' last rope_dim values to where the
// absorbed queries want them, behind kv_lora_rank values that another kernel writes. Tokens along y, at params.position and
// on; any sizes, rope_dim even.
#extension GL_GOOGLE_include_directive : require
#include "shaders/lib/kv_cache.glsl"
#include "shaders/lib/reduce.glsl"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(binding = 0, scalar) readonly buffer Queries { float q[]; };        // [n][n_heads][head_dim]
layout(binding = 1, scalar) readonly buffer Latents { float kv[]; };       // [n][kv_lora_rank + rope_dim]
layout(binding = 2, scalar) writeonly buffer Absorbed { float absorbed[]; }; // [n][n_heads][kv_lora_rank + rope_dim]
layout(binding = 3, scalar) readonly buffer Params { StepParams params; };
layout(binding = 4, scalar) readonly buffer Table { uint64_t blocks[]; };
layout(push_constant, scalar) uniform Push { LatentStorePush push; };
layout(buffer_reference, scalar, buffer_reference_align = 8) readonly buffer RopeTable { vec2 cosSin[]; };
layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer NormWeights { float values[]; };

// Places of a pair among the rotated values: neighbours, or half of them apart.
uint firstOf(uint pair) { return push.interleaved != 0 ? 2 * pair : pair; }
uint secondOf(uint pair) { return push.interleaved != 0 ? 2 * pair + 1 : pair + push.rope_dim / 2; }

vec2 turned(vec2 values, uint position, uint pair) {
    const vec2 turn = RopeTable(push.ropeTable).cosSin[position * (push.rope_dim / 2) + pair];
    return vec2(values.x * turn.x - values.y * turn.y, values.x * turn.y + values.y * turn.x);
}

void main() {
    const uint token = gl_WorkGroupID.y;
    const uint position = params.position + token;
    const uint pairs = push.rope_dim / 2;
    const uint keyDim = push.kv_lora_rank + push.rope_dim;

    if (gl_WorkGroupID.x > 0) {
        const uint i = (gl_WorkGroupID.x - 1) * gl_WorkGroupSize.x + gl_LocalInvocationIndex;
        if (i >= push.n_heads * pairs) return;
        const uint head = token * push.n_heads + i / pairs, pair = i % pairs;
        const uint from = (head + 1) * push.head_dim - push.rope_dim;
        const uint to = head * keyDim + push.kv_lora_rank;
        const vec2 values = turned(vec2(q[from + firstOf(pair)], q[from + secondOf(pair)]), position, pair);
        absorbed[to + firstOf(pair)] = values.x;
        absorbed[to + secondOf(pair)] = values.y;
        return;
    }

    const uint row = token * keyDim;
    float sum = 0;
    for (uint i = gl_LocalInvocationIndex; i < push.kv_lora_rank; i += gl_WorkGroupSize.x) sum += kv[row + i] * kv[row + i];
    sum = workgroupAdd(sum);
    const float scale = 1.0 / sqrt(sum / float(push.kv_lora_rank) + push.eps);
    const uint64_t plane = latentLayerAddress(blocks[position / PONDER_KV_BLOCK], push.layer, keyDim);
    KvValues cache = KvValues(plane);
    const uint slot = (position % PONDER_KV_BLOCK) * keyDim;
    NormWeights weight = NormWeights(push.normWeight);
    for (uint i = gl_LocalInvocationIndex; i < push.kv_lora_rank; i += gl_WorkGroupSize.x)
        cache.values[slot + i] = KV_VALUE(kv[row + i] * scale * weight.values[i]);
    for (uint pair = gl_LocalInvocationIndex; pair < pairs; pair += gl_WorkGroupSize.x) {
        const uint from = row + push.kv_lora_rank, to = slot + push.kv_lora_rank;
        const vec2 values = turned(vec2(kv[from + firstOf(pair)], kv[from + secondOf(pair)]), position, pair);
        cache.values[to + firstOf(pair)] = KV_VALUE(values.x);
        cache.values[to + secondOf(pair)] = KV_VALUE(values.y);
    }
}
