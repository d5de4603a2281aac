#version 460
// Joins the parts of attention_decode: out = sum of parts, each scaled to the common maximum, over the sum of
// their weights. A workgroup computes kValues values of one query head; gl_WorkGroupSize.x / kValues slices of it share
// the parts, then the slices are joined. Any head_dim; the workgroup is a multiple of kValues. INT8: the result rounded as
// well (int8.glsl); head_dim is a multiple of 16, kValues 32.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_control_flow_attributes : require
#include "shaders/lib/attention_parts.glsl"
#include "shaders/lib/reduce.glsl"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"
#ifdef INT8
#define INT8_BINDING 4
#include "shaders/lib/int8.glsl"
#endif

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(constant_id = PONDER_SPEC_MERGE_VALUES) const uint kValues = 32;
layout(constant_id = PONDER_SPEC_HEAD_DIM) const uint kHeadDim = 128;
layout(binding = 0, scalar) readonly buffer Sums { float sums[]; };
layout(binding = 1, scalar) readonly buffer Weights { vec2 weights[]; };
layout(binding = 2, scalar) writeonly buffer Result { float result[]; };
layout(binding = 3, scalar) readonly buffer Params { StepParams params; };
layout(push_constant, scalar) uniform Push { AttentionPush push; };

const uint kAhead = 8; // parts of a slice: with 256 invocations and 32 values 64 parts in all

shared float s_factors[256]; // of the parts
shared float s_slices[gl_WorkGroupSize.x];

void main() {
    const uint thread = gl_LocalInvocationIndex;
    const uint head = gl_WorkGroupID.y;
    const uint value = min(gl_WorkGroupID.x * kValues + thread % kValues, kHeadDim - 1);
    const uint slice = thread / kValues, slices = gl_WorkGroupSize.x / kValues;
    const uint first = head * push.parts;

    // What is usually all is asked for at once, before it is known how many parts are used.
    vec2 weight = weights[first + min(thread, push.parts - 1)];
    float kept[kAhead];
    [[unroll]] for (uint i = 0; i < kAhead; ++i)
        kept[i] = sums[(first + min(slice + i * slices, push.parts - 1)) * kHeadDim + value];
    const uint parts = usedParts(params.kv_length, push.parts);

    float most = thread < parts ? weight.x : -3.0e38;
    for (uint part = thread + gl_WorkGroupSize.x; part < parts; part += gl_WorkGroupSize.x)
        most = max(most, weights[first + part].x);
    most = workgroupMax(most);
    float total = 0;
    for (uint part = thread; part < parts; part += gl_WorkGroupSize.x) {
        if (part != thread) weight = weights[first + part];
        const float factor = exp(weight.x - most);
        s_factors[part] = factor;
        total += factor * weight.y;
    }
    total = workgroupAdd(total); // its barriers make the factors visible too

    vec4 sum = vec4(0);
    [[unroll]] for (uint i = 0; i < kAhead; ++i)
        if (slice + i * slices < parts) sum[i % 4] += s_factors[slice + i * slices] * kept[i];
    uint part = slice + kAhead * slices;
    for (; part + 3 * slices < parts; part += 4 * slices) {
        vec4 four;
        [[unroll]] for (uint i = 0; i < 4; ++i) four[i] = sums[(first + part + i * slices) * kHeadDim + value];
        [[unroll]] for (uint i = 0; i < 4; ++i) sum[i] += s_factors[part + i * slices] * four[i];
    }
    for (; part < parts; part += slices) sum.x += s_factors[part] * sums[(first + part) * kHeadDim + value];
    s_slices[thread] = sum.x + sum.y + sum.z + sum.w;
    barrier();
    if (slice == 0 && gl_WorkGroupID.x * kValues + thread < kHeadDim) {
        float all = 0;
        for (uint i = 0; i < slices; ++i) all += s_slices[i * kValues + thread];
        result[head * kHeadDim + value] = all / total;
        s_slices[thread] = all / total; // which nobody else has read
    }
#ifdef INT8
    barrier();
    const uint lane = int8Invocation(), four = gl_WorkGroupID.x * 8 + lane;
    if (lane >= 8 || four * 4 >= kHeadDim) return; // of whole blocks
    vec4 values;
    [[unroll]] for (uint k = 0; k < 4; ++k) values[k] = s_slices[lane * 4 + k];
    storeInt8(values, 0, push.n_heads * kHeadDim, head * (kHeadDim / 4) + four);
#endif
}
