// Reductions over a workgroup of up to 1,024 invocations, at any subgroup size of 4 or more. Every invocation
// must call them, in uniform control flow, and every one gets the result; it is the same in all of them, and
// the same on every run.
#ifndef PONDER_LIB_REDUCE_GLSL
#define PONDER_LIB_REDUCE_GLSL
#extension GL_KHR_shader_subgroup_arithmetic : require

shared float s_reduce[256];

float workgroupAdd(float value) {
    const float part = subgroupAdd(value);
    if (subgroupElect()) s_reduce[gl_SubgroupID] = part;
    barrier();
    float sum = 0; // every subgroup adds the parts for itself, which spares a second barrier before the result
    for (uint i = gl_SubgroupInvocationID; i < gl_NumSubgroups; i += gl_SubgroupSize) sum += s_reduce[i];
    sum = subgroupAdd(sum);
    barrier(); // the parts may be overwritten by the next reduction
    return sum;
}

float workgroupMax(float value) {
    const float part = subgroupMax(value);
    if (subgroupElect()) s_reduce[gl_SubgroupID] = part;
    barrier();
    float most = s_reduce[0];
    for (uint i = gl_SubgroupInvocationID; i < gl_NumSubgroups; i += gl_SubgroupSize) most = max(most, s_reduce[i]);
    most = subgroupMax(most);
    barrier();
    return most;
}

shared uint s_reduceIndex[256];

uint workgroupMin(uint value) {
    const uint part = subgroupMin(value);
    if (subgroupElect()) s_reduceIndex[gl_SubgroupID] = part;
    barrier();
    uint least = s_reduceIndex[0];
    for (uint i = gl_SubgroupInvocationID; i < gl_NumSubgroups; i += gl_SubgroupSize)
        least = min(least, s_reduceIndex[i]);
    least = subgroupMin(least);
    barrier();
    return least;
}
#endif
