// Q5_0: d (q - 16).
#include "shaders/quant/nibbles32.glsl"
#define QUANT_HAS_SCALE 1
#define QUANT_HAS_OFFSET 0

struct QuantRaw { uint d; uint qh; uvec4 qs; };

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint64_t block = row + uint64_t(piece * Q5_0_BYTES);
    return QuantRaw(load16(block + Q5_0_D), load32At2(block + Q5_0_QH), load128At2(block + Q5_0_QS));
}

void quantUnpack(QuantRaw raw, uint piece, out vec4 q[8], out float scale[2], out float offset[2]) {
    unpackNibblesAndBits(raw.qs, raw.qh, q);
    [[unroll]] for (uint i = 0; i < 8; ++i) q[i] -= 16.0;
    scale[0] = scale[1] = halfToFloat(raw.d);
    offset[0] = offset[1] = 0.0;
}
