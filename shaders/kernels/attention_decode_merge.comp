#version 460
// Joins the parts of attention_decode: out = sum of parts, each scaled to the common maximum, over the sum of
// their weights. A workgroup computes 32 values of one query head; gl_WorkGroupSize.x / 32 slices of it share
// the parts, then the slices are joined. Any head_dim; the workgroup is a multiple of 32.
#extension GL_GOOGLE_include_directive : require
#include "shaders/lib/attention_parts.glsl"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(constant_id = PONDER_SPEC_HEAD_DIM) const uint kHeadDim = 128;
layout(binding = 0, scalar) readonly buffer Sums { float sums[]; };
layout(binding = 1, scalar) readonly buffer Weights { vec2 weights[]; };
layout(binding = 2, scalar) writeonly buffer Result { float result[]; };
layout(binding = 3, scalar) readonly buffer Params { StepParams params; };
layout(push_constant, scalar) uniform Push { AttentionPush push; };

shared vec3 s_slices[gl_WorkGroupSize.x]; // maximum, weight, sum

vec3 joined(vec3 a, vec3 b) {
    const float most = max(a.x, b.x);
    return vec3(most, a.yz * exp(a.x - most) + b.yz * exp(b.x - most));
}

void main() {
    const uint head = gl_WorkGroupID.y;
    const uint value = gl_WorkGroupID.x * 32 + gl_LocalInvocationIndex % 32;
    const uint slice = gl_LocalInvocationIndex / 32, slices = gl_WorkGroupSize.x / 32;
    const uint parts = usedParts(params.kv_length, push.parts);

    vec3 state = vec3(-3.0e38, 0, 0);
    if (value < kHeadDim) {
        for (uint part = slice; part < parts; part += slices) {
            const uint at = head * push.parts + part;
            state = joined(state, vec3(weights[at], sums[at * kHeadDim + value]));
        }
    }
    s_slices[gl_LocalInvocationIndex] = state;
    barrier();
    if (slice != 0 || value >= kHeadDim) return;
    for (uint i = 1; i < slices; ++i) state = joined(state, s_slices[i * 32 + gl_LocalInvocationIndex]);
    result[head * kHeadDim + value] = state.z / state.y;
}
