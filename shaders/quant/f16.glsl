// F16.
#include "shaders/quant/sixteen_bits.glsl"

void quantUnpack(QuantRaw raw, uint piece, out vec4 q[8], out float scale[4], out float offset[4]) {
    [[unroll]] for (uint i = 0; i < 4; ++i) {
        q[2 * i] = vec4(unpackHalf2x16(raw.words[i].x), unpackHalf2x16(raw.words[i].y));
        q[2 * i + 1] = vec4(unpackHalf2x16(raw.words[i].z), unpackHalf2x16(raw.words[i].w));
        scale[i] = 1.0;
        offset[i] = 0.0;
    }
}
