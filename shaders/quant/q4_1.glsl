// Q4_1: d q + m. Blocks of 20 bytes are 4-byte aligned.
#include "shaders/quant/nibbles32.glsl"
#define QUANT_HAS_SCALE 1
#define QUANT_HAS_OFFSET 1
#define QUANT_BYTES 1
#define QUANT_BIAS 0
#define QUANT_SIGNED 0

struct QuantRaw { uint dm; uvec4 qs; };

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint64_t block = row + uint64_t(piece * Q4_1_BYTES);
    uint64_t qs = block + Q4_1_QS;
    return QuantRaw(load32(block + Q4_1_D), uvec4(load32(qs), load32(qs + 4), load32(qs + 8), load32(qs + 12)));
}

void quantBytes(QuantRaw raw, uint piece, out uint bytes[8]) { unpackNibbles(raw.qs, bytes); }

void quantScales(QuantRaw raw, uint piece, out float scale[2], out float offset[2]) {
    vec2 dm = unpackHalf2x16(raw.dm);
    scale[0] = scale[1] = dm.x;
    offset[0] = offset[1] = dm.y;
}
