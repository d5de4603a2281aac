// BF16.
#include "shaders/quant/sixteen_bits.glsl"

void quantUnpack(QuantRaw raw, uint piece, out vec4 q[8], out float scale[4], out float offset[4]) {
    [[unroll]] for (uint i = 0; i < 4; ++i) {
        q[2 * i] = uintBitsToFloat(uvec4(raw.words[i].x << 16, raw.words[i].x & 0xFFFF0000u, raw.words[i].y << 16, raw.words[i].y & 0xFFFF0000u));
        q[2 * i + 1] = uintBitsToFloat(uvec4(raw.words[i].z << 16, raw.words[i].z & 0xFFFF0000u, raw.words[i].w << 16, raw.words[i].w & 0xFFFF0000u));
        scale[i] = 1.0;
        offset[i] = 0.0;
    }
}
