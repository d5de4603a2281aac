// What products do with rounded activations of which a norm's factor is still to be multiplied by (residual_int8.comp). Of a token
// alone the squares lie beside them, asked for before the product and added behind it; of several tokens the factors. Before including,
// a kernel includes matvec_int8.glsl and declares push (columns, the address norm, eps).
#ifndef PONDER_LIB_NORMED_X_GLSL
#define PONDER_LIB_NORMED_X_GLSL
#include "shaders/lib/norm_factor.glsl"

layout(constant_id = PONDER_SPEC_NORM_CHUNKS) const uint NORM_CHUNKS = 0; // 0: there is no such factor
const bool NORMED = NORM_CHUNKS > 0;
const uint NORM_KEPT = COLUMNS > 1 ? 1 : NORM_CHUNKS / SUBGROUPS + 1; // chunks of a subgroup
layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer NormValues { float values[]; };

float g_squares[NORM_KEPT];

void askForNorm() {
    if (!NORMED || COLUMNS > 1) return;
    [[unroll]] for (uint j = 0; j < NORM_KEPT; ++j) {
        const uint chunk = gl_SubgroupID + j * gl_NumSubgroups;
        const uint block = chunk * gl_SubgroupSize + gl_SubgroupInvocationID;
        g_squares[j] = chunk < NORM_CHUNKS && block < push.columns / 16 ? NormValues(push.norm).values[block] : 0.0;
    }
}

// Before the barrier that precedes factorOf().
void addNorm() {
    if (!NORMED || COLUMNS > 1) return;
    [[unroll]] for (uint j = 0; j < NORM_KEPT; ++j) {
        const uint chunk = gl_SubgroupID + j * gl_NumSubgroups;
        if (chunk < NORM_CHUNKS) storeChunk(chunk, g_squares[j]);
    }
}

float factorOf(uint token) {
    if (COLUMNS > 1) return NormValues(push.norm).values[token];
    return normFactor(NORM_CHUNKS, push.columns, push.eps);
}
#endif
