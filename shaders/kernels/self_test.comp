#version 460
// values[i] = values[i] * factor + i + the value at `address`: nothing a model needs, but it touches every way a kernel is
// given data (binding, push constant, specialization constant, device address), so tests of the Vulkan layer run it.
// Any count; one invocation a value.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_buffer_reference : require
#include "shaders/shared/self_test.h"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint kFactor = 1;
layout(buffer_reference, scalar) readonly buffer Constant { uint value; };
layout(binding = 0, scalar) buffer Values { uint values[]; };
layout(push_constant, scalar) uniform Push { SelfTestPush push; };

void main() {
    const uint i = gl_GlobalInvocationID.x;
    if (i < push.count) values[i] = values[i] * kFactor + i + Constant(push.address).value;
}
