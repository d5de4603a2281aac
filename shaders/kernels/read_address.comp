#version 460
// words[i] = the i-th word behind a device address: how tests see what lies in memory that has no descriptor.
// Any count; one invocation a word; the address is a multiple of 4.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_buffer_reference : require
#include "shaders/shared/self_test.h"

layout(local_size_x = 64) in;
layout(buffer_reference, scalar) readonly buffer Source { uint words[]; };
layout(binding = 0, scalar) buffer Target { uint words[]; };
layout(push_constant, scalar) uniform Push { SelfTestPush push; };

void main() {
    const uint i = gl_GlobalInvocationID.x;
    if (i < push.count) words[i] = Source(push.address).words[i];
}
