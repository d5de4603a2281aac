#version 460
// Chooses the experts of each token from the router's logits, as DeepSeek-V2 and -V3 define it; one workgroup a token.
// Scores: V3's are sigmoids, to which a bias is added for choosing only; V2's a softmax, of which the logits have the order,
// so those are compared. Groups of experts compete first: a group's score is the sum of its two greatest (V3) or its greatest
// (V2), and the others' experts are out. The greatest of the rest are taken, ties going to the lower index. Weights are the
// scores themselves, normalised and scaled as the model says.
// kExperts up to 1,024 in groups of the same size; at least n_used of them in the groups that stay. NaN counts as the least
// value, so that whatever comes in, experts exist that come out.
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_buffer_reference : require
#include "shaders/lib/exact_sigmoid.glsl"
#include "shaders/lib/reduce.glsl"
#include "shaders/shared/push_constants.h"
#include "shaders/shared/spec_ids.h"

layout(local_size_x_id = PONDER_SPEC_WORKGROUP) in;
layout(constant_id = PONDER_SPEC_EXPERTS) const uint kExperts = 256;
layout(binding = 0, scalar) readonly buffer Logits { float logits[]; };    // [n][n_experts]
layout(binding = 1, scalar) writeonly buffer Chosen { uint chosen[]; };    // [n][n_used], the best first
layout(binding = 2, scalar) writeonly buffer Weights { float weights[]; }; // [n][n_used]
layout(push_constant, scalar) uniform Push { RouterPush push; };
layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer Bias { float values[]; };

const float kLeast = -3.4028234e38;
#define OUT uintBitsToFloat(0xFF800000u) // minus infinity: not to be chosen

shared float s_choice[kExperts]; // what is compared
shared float s_groups[kExperts];
shared uint s_chosen[kExperts];

bool isNumber(float value) { return (floatBitsToUint(value) & 0x7FFFFFFFu) <= 0x7F800000u; }
float comparable(float value) { return isNumber(value) ? clamp(value, kLeast, -kLeast) : kLeast; }

// The index of the greatest of s_values[0 .. count), the lower of equals; it is taken out.
#define TAKE_GREATEST(s_values, count, result)                                                                         \
    {                                                                                                                  \
        float most = OUT;                                                                                             \
        for (uint i = gl_LocalInvocationIndex; i < (count); i += gl_WorkGroupSize.x) most = max(most, s_values[i]);    \
        most = workgroupMax(most);                                                                                     \
        uint least = (count) - 1;                                                                                      \
        for (uint i = gl_LocalInvocationIndex; i < (count); i += gl_WorkGroupSize.x)                                   \
            if (s_values[i] == most) least = min(least, i);                                                            \
        result = workgroupMin(least);                                                                                  \
        if (gl_LocalInvocationIndex == 0) s_values[result] = OUT;                                                     \
        barrier();                                                                                                     \
    }

void main() {
    const uint thread = gl_LocalInvocationIndex;
    const uint row = gl_WorkGroupID.x * kExperts, resultRow = gl_WorkGroupID.x * push.n_used;

    float most = kLeast, total = 0; // of a softmax
    if (push.sigmoid == 0) {
        for (uint e = thread; e < kExperts; e += gl_WorkGroupSize.x) most = max(most, comparable(logits[row + e]));
        most = workgroupMax(most);
        for (uint e = thread; e < kExperts; e += gl_WorkGroupSize.x) total += exp(logits[row + e] - most);
        total = workgroupAdd(total);
    }
    for (uint e = thread; e < kExperts; e += gl_WorkGroupSize.x) {
        float choice = logits[row + e];
        if (push.sigmoid != 0) choice = exactSigmoid(choice);
        else if (push.bias != 0) choice = exp(choice - most) / total;
        if (push.bias != 0) {
            precise float biased = choice + Bias(push.bias).values[e];
            choice = biased;
        }
        s_choice[e] = comparable(choice);
    }
    barrier();

    if (push.groupsUsed < push.groups) {
        const uint size = kExperts / push.groups;
        for (uint group = thread; group < push.groups; group += gl_WorkGroupSize.x) {
            float first = kLeast, second = kLeast;
            for (uint e = group * size; e < (group + 1) * size; ++e) {
                const float choice = s_choice[e];
                second = max(second, min(first, choice));
                first = max(first, choice);
            }
            precise float both = first + second;
            s_groups[group] = comparable(push.topTwo != 0 ? both : first);
        }
        barrier();
        for (uint i = 0; i < push.groupsUsed; ++i) {
            uint group;
            TAKE_GREATEST(s_groups, push.groups, group)
        }
        for (uint e = thread; e < kExperts; e += gl_WorkGroupSize.x) // groups that were not taken still have a score
            if (s_groups[e / size] != OUT) s_choice[e] = OUT;
        barrier();
    }

    for (uint slot = 0; slot < push.n_used; ++slot) {
        uint expert;
        TAKE_GREATEST(s_choice, kExperts, expert)
        if (thread == 0) s_chosen[slot] = expert;
    }
    barrier();

    float sum = 0; // of every invocation for itself, in the order of the slots
    if (push.normalise != 0) {
        for (uint slot = 0; slot < push.n_used; ++slot) {
            const float logit = logits[row + s_chosen[slot]];
            sum += push.sigmoid != 0 ? exactSigmoid(logit) : exp(logit - most) / total;
        }
    }
    for (uint slot = thread; slot < push.n_used; slot += gl_WorkGroupSize.x) {
        const float logit = logits[row + s_chosen[slot]];
        float weight = push.sigmoid != 0 ? exactSigmoid(logit) : exp(logit - most) / total;
        if (push.normalise != 0) weight /= sum + 1e-20;
        chosen[resultRow + slot] = s_chosen[slot];
        weights[resultRow + slot] = weight * push.scale;
    }
}
