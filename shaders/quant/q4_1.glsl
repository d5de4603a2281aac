// Q4_1: d q + m. Blocks of 20 bytes are 4-byte aligned.
#include "shaders/quant/nibbles32.glsl"
#define QUANT_HAS_SCALE 1
#define QUANT_HAS_OFFSET 1

struct QuantRaw { uint dm; uvec4 qs; };

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint64_t block = row + uint64_t(piece * Q4_1_BYTES);
    uint64_t qs = block + Q4_1_QS;
    return QuantRaw(load32(block + Q4_1_D), uvec4(load32(qs), load32(qs + 4), load32(qs + 8), load32(qs + 12)));
}

void quantUnpack(QuantRaw raw, uint piece, out vec4 q[8], out float scale[2], out float offset[2]) {
    unpackNibbles(raw.qs, q);
    vec2 dm = unpackHalf2x16(raw.dm);
    scale[0] = scale[1] = dm.x;
    offset[0] = offset[1] = dm.y;
}
