// Q5_0: d (q - 16).
#include "shaders/quant/nibbles32.glsl"
#define QUANT_HAS_SCALE 1
#define QUANT_HAS_OFFSET 0
#define QUANT_BYTES 1
#define QUANT_BIAS 16
#define QUANT_SIGNED 0

struct QuantRaw { uint d; uint qh; uvec4 qs; };

QuantRaw quantLoad(uint64_t row, uint piece, uint columns) {
    uint64_t block = row + uint64_t(piece * Q5_0_BYTES);
    return QuantRaw(load16(block + Q5_0_D), load32At2(block + Q5_0_QH), load128At2(block + Q5_0_QS));
}

void quantBytes(QuantRaw raw, uint piece, out uint bytes[8]) { unpackNibblesAndBits(raw.qs, raw.qh, bytes); }

void quantScales(QuantRaw raw, uint piece, out float scale[2], out float offset[2]) {
    scale[0] = scale[1] = halfToFloat(raw.d);
    offset[0] = offset[1] = 0.0;
}
