// Q5_1: d q + m. Blocks of 24 bytes are 8-byte aligned.
#include "shaders/quant/nibbles32.glsl"
#define QUANT_HAS_SCALE 1
#define QUANT_HAS_OFFSET 1
#define QUANT_BYTES 1
#define QUANT_BIAS 0
#define QUANT_SIGNED 0

struct QuantRaw { uvec2 head; uvec4 qs; }; // head: d, m, qh

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint64_t block = row + uint64_t(piece * Q5_1_BYTES);
    return QuantRaw(load64(block + Q5_1_D), uvec4(load64(block + Q5_1_QS), load64(block + Q5_1_QS + 8)));
}

void quantBytes(QuantRaw raw, uint piece, out uint bytes[8]) { unpackNibblesAndBits(raw.qs, raw.head.y, bytes); }

void quantScales(QuantRaw raw, uint piece, out float scale[2], out float offset[2]) {
    vec2 dm = unpackHalf2x16(raw.head.x);
    scale[0] = scale[1] = dm.x;
    offset[0] = offset[1] = dm.y;
}
